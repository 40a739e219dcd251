"""Forecasts of short yearly series: the grey model, simple rivals, rolling origins."""

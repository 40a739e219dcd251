"""Weights that rest on eigenvectors or on a system of equations, in numpy.

Each module takes frames of the warehouse and returns an Arrow table whose columns have
the same types with and without rows. Rows come in the order of their keys.
"""

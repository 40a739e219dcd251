"""A study of a user: its rows, its answer by the models of the warehouse, its files."""

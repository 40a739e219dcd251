"""The core worked out once more, by other libraries and from the same values."""

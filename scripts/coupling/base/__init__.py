"""What everything else stands on: places, failures, names, files."""

"""What pages and papers ask of a warehouse."""

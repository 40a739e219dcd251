"""One run, from the inputs to what is published."""

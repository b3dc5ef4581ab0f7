"""Turn typed words into one call of a run, and errors into an exit status."""

"""Find what is configured, in files, variables and `--config`, and say where it is from."""

"""Decide which findings are new, accepted or ignored; computes no similarity."""

"""Write a report in one of the formats of `registry`; compute nothing, change nothing."""

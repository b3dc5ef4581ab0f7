"""From verdicts to what a run leaves: rows, findings, marks of the input and a summary."""

"""What every stage of a run on Spark stands on: the session, storage, checkpoints and tables.

Nothing here knows what a near-duplicate is.
"""

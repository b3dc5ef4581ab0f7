"""From documents to verdicts: each stage of the single machine over partitions.

Paragraphs are signed, collapsed, paired, sifted, verified and grouped; texts that recur are set
apart; what is rewritten and restated is found. `dedup.spark.plan` says in which order.
"""

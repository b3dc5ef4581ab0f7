"""Hold the loops that Numba compiles: plain functions over one-dimensional arrays.

A loop allocates nothing, raises nothing and writes into the arrays it is given, so its compiled
form needs neither Numba nor Python (`dedup.kernels.compiled` says why). The annotation of each
parameter is its machine type.
"""

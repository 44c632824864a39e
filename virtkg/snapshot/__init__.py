"""The snapshot: a graph and its closure in one memory-mapped file."""

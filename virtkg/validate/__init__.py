"""Checks of what is authored: shapes, queries, and what neither can say."""

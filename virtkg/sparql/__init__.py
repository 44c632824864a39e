"""SPARQL 1.1 texts of strangers: refused early, evaluated in a process that may be killed.

Knows: the query language, its limits and its result formats.
Must not know: where the graph comes from, or how an answer is shown.
"""

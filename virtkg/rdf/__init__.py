"""Files of RDF in, files of RDF out.

Knows: the six syntaxes of RDF 1.1, and pyoxigraph's terms.
Must not know: the vocabulary, rules, or what any fact means.
"""

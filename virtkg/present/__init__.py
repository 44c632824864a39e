"""Presentation: answers, proofs and query results as text, tables, JSON, Markdown, HTML, CSV."""

"""The question language: text → Question → ResolvedQuestion → SPARQL."""

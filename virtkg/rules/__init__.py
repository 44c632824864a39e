"""Rules: from SRL text to rules that are specialised to a schema and put in order."""

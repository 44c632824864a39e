"""Reasoning: facts and rules to a closure, with the derivation of every new fact."""

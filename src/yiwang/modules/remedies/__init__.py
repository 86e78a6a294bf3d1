"""Objections (异议) and their answers."""

"""Organisations, people, their duties and signing keys."""

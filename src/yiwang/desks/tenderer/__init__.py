"""Screens of the audience: tenderer."""

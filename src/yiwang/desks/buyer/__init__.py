"""Screens of the audience: buyer."""

"""Screens of the audience: account."""

"""Screens of the audience: center."""

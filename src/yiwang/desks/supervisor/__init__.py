"""Screens of the audience: supervisor."""

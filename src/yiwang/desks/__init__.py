"""Screens only, one folder per audience."""

"""Custodians, the closing entry and the opening record."""

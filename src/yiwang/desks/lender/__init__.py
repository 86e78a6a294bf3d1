"""Screens of the audience: lender."""

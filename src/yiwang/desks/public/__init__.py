"""Screens of the audience: public."""

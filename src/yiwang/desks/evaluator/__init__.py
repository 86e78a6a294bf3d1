"""Screens of the audience: evaluator."""

"""Candidates, publicity, award decision and award notice."""

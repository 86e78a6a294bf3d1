"""Screens of the audience: custodian."""

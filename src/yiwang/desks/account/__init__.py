"""Accounts: sign in and out, register an organisation, signing keys."""

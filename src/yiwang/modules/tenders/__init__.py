"""Entry, lots, notices, documents and clarification."""

"""Generates docs/generated from the tables, the law and the promises: pictures of what runs, never written by hand."""

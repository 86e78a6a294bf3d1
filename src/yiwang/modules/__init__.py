"""One Django app per legal object, in the order in which they may know each other (see docs/architecture.md)."""

"""What all tests share. The database comes from the plugin ``yiwang.runtime.pytest_database`` (see docs/operations.md)."""

"""Running yiwang on a machine: the embedded PostgreSQL, the process group, checks before the start, installation."""

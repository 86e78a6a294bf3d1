"""``python -m yiwang.cli``: the same as ``yiwang``."""

from yiwang.cli import main

main()

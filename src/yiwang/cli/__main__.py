"""``python -m yiwang.cli``: the same as ``yiwang``."""

from yiwang.cli import main

if __name__ == "__main__":  # worker processes of a replay import this file too
    main()

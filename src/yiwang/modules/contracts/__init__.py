"""The contract, its signatures and its registration."""

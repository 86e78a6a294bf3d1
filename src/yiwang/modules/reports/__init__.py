"""Statistics: what the center's figures are counted from, and how. It has no tables of its own."""

"""Committee, score sheets, formulas and the evaluation report."""

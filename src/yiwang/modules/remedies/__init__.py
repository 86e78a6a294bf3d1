"""Objections (异议), queries (质疑) and complaints (投诉)."""

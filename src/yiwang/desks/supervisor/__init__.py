"""Screens of the audience: supervisor. Commitments and shares of the draw stand in ``desks/center``."""

"""yiwang (一网): the open system of a city's public resource trading center."""

__version__ = "0.1.0"

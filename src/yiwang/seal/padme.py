"""Padmé sizes: a sealed file tells its size class, not its size.

Source: Nikitin and others, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs" (PoPETs 2019),
section 4. A size keeps only as many leading bits as its exponent has binary digits, so there are few sizes and the
padding never exceeds 12 %.
"""

from __future__ import annotations

LEAST = 8192
"""Smallest padded payload in bytes. Bids that consist of figures alone would else betray their number of digits."""


def padme(size: int) -> int:
    """The smallest Padmé size in bytes that is not below ``size``. ValueError when ``size`` is negative."""
    if size < 0:
        raise ValueError("a size is not negative")
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask


def padded_size(size: int) -> int:
    """The size in bytes that a payload of ``size`` bytes is padded to: Padmé, but at least :data:`LEAST`."""
    return max(LEAST, padme(size))


def is_padded(size: int) -> bool:
    """Whether a payload of ``size`` bytes can have been padded by :func:`padded_size`."""
    return size >= LEAST and padme(size) == size

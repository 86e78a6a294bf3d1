"""One measured figure, and small tools of measuring."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A figure beside its reference; ``ratio`` is value divided by reference value.

    Attributes:
        reach: what to reach for, in words; empty when nothing was set.
        met: whether it was reached; None when nothing was set.
    """

    name: str
    value: float
    unit: str
    reference: str
    reference_value: float
    reach: str = ""
    met: bool | None = None

    @property
    def ratio(self) -> float:
        """Value in terms of the reference."""
        return self.value / self.reference_value if self.reference_value else 0.0

    def json(self) -> dict[str, Any]:
        """For ``--json`` and bench/results.json."""
        plain = {**asdict(self), "value": _short(self.value), "reference_value": _short(self.reference_value)}
        return {**plain, "ratio": _short(self.ratio)}


    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Figure:
        """The figure that :meth:`json` gave."""
        return cls(**{name: each for name, each in value.items() if name != "ratio"})


def _short(value: float) -> float:
    """Four significant digits: more would pretend to a precision that no run has."""
    return float(f"{value:.4g}")


class Stopwatch:
    """Wall and CPU seconds of this process, added up over several stretches."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    def time(self, work: Callable[[], object]) -> None:
        """Do the work and add its time."""
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu


def peak_memory() -> float:
    """Largest memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

"""The demo city's clock: it stands on a simulated date when the city is loaded and runs on from there in real time.

The distance to the machine's clock lies in ``<data>/demo-clock.json``, so every process of the site shows the same
time. Production refuses it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from yiwang.demo.stage import local, refuse_in_production
from yiwang.kernel import moment
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text

FILE = "demo-clock.json"


class DemoClock:
    """The machine's time moved by the file's offset; the file is read again when it has changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = -1
        self._offset = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset()

    def offset(self) -> timedelta:
        """How far the demo's time is from the machine's; nothing while there is no file."""
        try:
            changed = self.path.stat().st_mtime_ns
        except FileNotFoundError:
            return timedelta()
        if changed != self._seen:
            seconds = json.loads(self.path.read_text(encoding="ascii"))["offset_seconds"]
            self._offset, self._seen = timedelta(seconds=seconds), changed
        return self._offset


def path() -> Path:
    """The file of the offset, in the data folder."""
    from django.conf import settings

    return Path(settings.DATA) / FILE


def install() -> DemoClock:
    """Let this process read the demo's clock from now on.

    Raises:
        Refused: in production.
    """
    refuse_in_production()
    clock = DemoClock(path())
    moment.set_default_clock(clock)
    return clock


def now() -> datetime:
    """The demo's time."""
    return DemoClock(path())()


def set_to(when: datetime) -> datetime:
    """Set the clock to a moment (loading the city does); gives it back.

    Raises:
        Refused: in production.
    """
    refuse_in_production()
    place = path()
    place.parent.mkdir(parents=True, exist_ok=True)
    seconds = (when - datetime.now(UTC)).total_seconds()
    fresh = place.with_suffix(".new")
    fresh.write_text(json.dumps({"offset_seconds": seconds}), encoding="ascii")
    fresh.replace(place)
    return when


def advance(*, seconds: float = 0, to: datetime | None = None) -> datetime:
    """Move the clock on, by seconds or to a moment; gives the new time.

    Raises:
        Refused: in production.
        BadInput: the moment lies in the past: evidence is in order of time, so it never runs back.
    """
    before = now()
    after = to or before + timedelta(seconds=seconds)
    if after < before:
        shown = before.astimezone(moment.LOCAL).strftime("%Y-%m-%dT%H:%M")
        raise bad("to", "时钟只能前进", "the clock only moves on", passes=Text(f"晚于 {shown} 的时间", f"a time after {shown}"))
    return set_to(after)


def parsed(text: str) -> datetime:
    """A local moment as typed, ``2026-05-06T09:30`` or a day alone (then 09:00). BadInput otherwise."""
    for form in ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            found = datetime.strptime(text.strip(), form)  # noqa: DTZ007  (the zone comes with local())
        except ValueError:
            continue
        return local(found.date(), found.hour if ":" in text else 9, found.minute)
    raise bad("to", f"“{text}”不是时间", f"“{text}” is not a time", passes=Text("例如 2026-05-06T09:30", "e.g. 2026-05-06T09:30"))

"""An accelerated clock: time stands still until the play moves it. Production refuses to use it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from yiwang.kernel import moment


class Stage:
    """A clock that shows what it was set to. Use as ``moment.clock_at(stage)``."""

    def __init__(self, start: datetime) -> None:
        self.at = start.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.at

    def wait(self, **span: float) -> datetime:
        """Let time pass, e.g. ``wait(minutes=5)``."""
        self.at += timedelta(**span)
        return self.at

    def to(self, when: datetime) -> datetime:
        """Go to a later moment; an earlier one changes nothing: time never runs back."""
        self.at = max(self.at, when.astimezone(UTC))
        return self.at


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """A local moment (Asia/Shanghai) of a day."""
    return datetime.combine(day, time(hour, minute), tzinfo=moment.LOCAL)

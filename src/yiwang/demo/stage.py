"""An accelerated clock: time stands still until the play moves it. Production refuses to use it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings

from yiwang.kernel import moment
from yiwang.kernel.errors import Refused
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason


class Stage:
    """A clock that shows what it was set to. Use as ``moment.clock_at(stage)``.

    Raises:
        Refused: in production, where time is the machine's.
    """

    def __init__(self, start: datetime) -> None:
        refuse_in_production()
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


def refuse_in_production() -> None:
    """Raise Refused in production: nobody sets its clock, nobody plays there."""
    if settings.PRODUCTION:
        raise Refused(
            Reason(
                "demo.production",
                Text("生产环境不能设置时钟，不能重演或演示", "production takes no other clock: no replay and no demo there"),
                passes=Text("在另一个数据文件夹中以 YIWANG_MODE=demo 运行", "run with YIWANG_MODE=demo in another data folder"),
            )
        )


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """A local moment (Asia/Shanghai) of a day."""
    return datetime.combine(day, time(hour, minute), tzinfo=moment.LOCAL)

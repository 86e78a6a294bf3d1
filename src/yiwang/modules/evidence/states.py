"""Transitions of the log itself: new keys, and the hand-over from one year's log to the next."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evidence.registry import register

LOG = register(
    Table(
        "log",
        (),
        (
            Transition(
                "log.rotate",
                Text("更换日志密钥", "change the log's keys"),
                "log",
                roles=("system",),
                sources=(),
                articles=("电子签名法 第15条",),
                offered=False,
            ),
            Transition(
                "log.succeed",
                Text("结束本年日志", "end the year's log"),
                "log",
                roles=("system",),
                sources=(),
                articles=("电子签名法 第13条",),
                offered=False,
            ),
            Transition(
                "log.begin",
                Text("启用新年度日志", "begin the next year's log"),
                "log",
                roles=("system",),
                sources=(),
                articles=("电子签名法 第13条",),
                offered=False,
            ),
        ),
    )
)

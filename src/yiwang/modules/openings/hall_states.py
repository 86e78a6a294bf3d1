"""Transitions of the opening hall. None moves the tender's state; all are recorded, and public (law/publicity.yaml)."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evidence.registry import register
from yiwang.modules.openings import hall_rules as rules

HOST = ("buyer", "agency", "center")
SESSION = ("closed", "opened")
"""States of a tender in which the hall is in session."""

HALL = register(
    Table(
        "hall",
        (),
        (
            Transition(
                "hall.advance",
                Text("进入下一项议程", "go on to the next point"),
                "hall",
                roles=HOST,
                sources=SESSION,
                guards=(rules.not_paused, rules.has_next),
                articles=("招标投标法 第36条",),
                offered=False,
            ),
            Transition(
                "hall.pause",
                Text("暂停开标会", "pause the session"),
                "hall",
                roles=HOST,
                sources=SESSION,
                guards=(rules.not_paused, rules.not_ended),
                articles=("招标投标法实施条例 第44条",),
                tells=("supervisor",),
                offered=False,
            ),
            Transition(
                "hall.resume",
                Text("恢复开标会", "resume the session"),
                "hall",
                roles=HOST,
                sources=SESSION,
                guards=(rules.is_paused,),
                articles=("招标投标法实施条例 第44条",),
                tells=("supervisor",),
                offered=False,
            ),
            Transition(
                "hall.postpone",
                Text("推迟开标", "put off the opening"),
                "hall",
                roles=HOST,
                sources=("closed",),
                articles=("招标投标法 第34条", "招标投标法实施条例 第22条", "招标投标法实施条例 第62条"),
                tells=("buyer", "agency", "center", "custodian", "supervisor"),
                offered=False,
            ),
            Transition(
                "hall.incident",
                Text("记录意外情况", "record an incident"),
                "hall",
                roles=HOST,
                sources=SESSION,
                guards=(rules.not_ended,),
                articles=("电子招标投标办法 第49条",),
                tells=("supervisor",),
                offered=False,
            ),
            Transition(
                "hall.ask",
                Text("向主持人提问", "ask the host"),
                "hall",
                roles=("bidder",),
                sources=("opened",),
                guards=(rules.not_ended,),
                articles=("招标投标法实施条例 第44条",),
                tells=("buyer", "agency"),
            ),
            Transition(
                "hall.answer",
                Text("答复现场提问", "answer a question"),
                "hall",
                roles=HOST,
                sources=("opened",),
                guards=(rules.has_question,),
                articles=("招标投标法实施条例 第44条",),
                offered=False,
            ),
        ),
    )
)

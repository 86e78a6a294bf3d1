"""Transitions of drills of custody (演练). They belong to no tender and stand on a chain of their own, ``drill/<n>``."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evidence.actors import Actor, Told, recipients_of, role_test
from yiwang.modules.evidence.registry import register
from yiwang.modules.openings import drill_rules as rules
from yiwang.modules.openings.models import Drill

DRILL = register(
    Table(
        "drill",
        (),
        (
            Transition(
                "drill.schedule",
                Text("安排保管演练", "schedule a drill of custody"),
                "drill",
                roles=("center",),
                sources=(),
                articles=("网络安全法 第34条",),
                tells=("driller",),
            ),
            Transition(
                "drill.provide_key",
                Text("提供演练公钥", "give a drill key"),
                "drill",
                roles=("driller",),
                sources=(),
                guards=(rules.key_is_wanted,),
                articles=("网络安全法 第34条",),
            ),
            Transition(
                "drill.release_key",
                Text("公布演练密钥", "release the drill key"),
                "drill",
                roles=("driller",),
                sources=(),
                guards=(rules.release_is_wanted,),
                articles=("网络安全法 第34条",),
            ),
            Transition(
                "drill.report",
                Text("演练总结", "report on the drill"),
                "drill",
                roles=("system",),
                sources=(),
                guards=(rules.is_over,),
                articles=("网络安全法 第34条",),
                tells=("driller", "center", "supervisor"),
                by_time=True,
                offered=False,
            ),
        ),
    )
)


@role_test("driller")
def _has_a_part(actor: Actor, subject: object) -> bool:
    return isinstance(subject, Drill) and rules.part_of(subject, actor) is not None


@recipients_of("driller")
def _drillers(drill: Any) -> list[Told]:
    return [(None, person) for person in drill.keys.values_list("person_id", flat=True)] if isinstance(drill, Drill) else []

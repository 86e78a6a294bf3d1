"""Shares of draws in public: the coefficient in the hall, the lots of an award committee, whom to invite. One screen each for all sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yiwang.desks.center.draw_commit import CommitForm
from yiwang.desks.center.draw_reveal import RevealForm
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.awards import invitee_acts
from yiwang.modules.evaluations import separate_acts
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import coefficient_acts

Perform = Callable[[Actor, str, dict[str, Any], dict[str, Any]], Any]

_COMMIT = Text(
    "您的设备生成一个随机数，先只交它的指纹（承诺）。各方都承诺后再公开随机数，连同其后的日志根决定结果：任何一方都不能单独左右。",
    "Your device makes a random share and hands in only its hash. Once all sides have committed the shares are revealed; with a later "
    "root of the log they give the result: no side alone can steer it.",
)
_REVEAL = Text(
    "各方都已承诺。公开的随机数须与承诺一致，平台会核对；最后一方公开后结果即出，任何人都能重算。",
    "All sides have committed. The share must match its commitment. With the last one the result is there, and anybody can recompute it.",
)


def _commit(do: Callable[..., Any]) -> Perform:
    return lambda actor, number, data, extra: do(actor=actor, tender=number, commitment=data["commitment"].lower(), **extra)


def _reveal(do: Callable[..., Any]) -> Perform:
    return lambda actor, number, data, extra: do(actor=actor, tender=number, share=data["share"].lower(), **extra)


_COMMITS: dict[str, Callable[..., Any]] = {
    "coefficient.commit": coefficient_acts.commit,
    "award.commit_lots": separate_acts.commit_lots,
    "invitees.commit": invitee_acts.commit,
}
_REVEALS: dict[str, Callable[..., Any]] = {
    "coefficient.reveal": coefficient_acts.reveal,
    "award.reveal_lots": separate_acts.reveal_lots,
    "invitees.reveal": invitee_acts.reveal,
}

for _act, _do in _COMMITS.items():
    register(Screen(_act, _commit(_do), form=CommitForm, template="desks/center/draw_share.html", intro=_COMMIT))
for _act, _do in _REVEALS.items():
    register(Screen(_act, _reveal(_do), form=RevealForm, template="desks/center/draw_share.html", intro=_REVEAL))

"""Which acts of a tender, and which parts of them, somebody may read now.

What the public may read, and from which stage, stands in ``law/publicity.yaml``. Whoever takes part may read some acts
earlier, and the supervisor their private parts later; that stands in the two tables below.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from yiwang.kernel import publicity
from yiwang.kernel.procedures import STAGES
from yiwang.modules.evidence.actors import PUBLIC, Actor, roles_towards
from yiwang.modules.evidence.cosigned import Seen
from yiwang.modules.evidence.models import Act, Checkpoint

STATE_AFTER = {
    "tender.publish": "tendering",
    "tender.invite": "tendering",
    "opening.close": "closed",
    "opening.open": "opened",
    "draw.seat": "evaluating",
    "draw.carry": "evaluating",
    "source.publicise": "tendering",
    "framework.close": "admitted",
    "admission.decide": "admitted",
    "candidates.publicise": "publicity",
    "award.notify": "awarded",
    "contract.register": "contracted",
    "tender.archive": "archived",
}
"""The state that a tender is in after an act, where publicity depends on it. Failing or ending a tender keeps the stage."""

HOSTS = ("buyer", "agency", "center", "supervisor")
EARLIER: dict[str, tuple[tuple[str, ...], str]] = {
    "tender.enter": (HOSTS, ""),
    "tender.attach_document": (HOSTS, ""),
    "tender.terminate": (HOSTS, ""),
    "custody.appoint": ((*HOSTS, "custodian"), ""),
    "custody.provide_key": ((*HOSTS, "custodian"), ""),
    "custody.replace": ((*HOSTS, "custodian"), ""),
    "custody.refuse": ((*HOSTS, "custodian"), ""),
    "objection.raise": (("buyer", "agency", "supervisor"), "at_once"),
    "opening.release_key": ((*HOSTS, "custodian"), "at_once"),
    "draw.reveal": (HOSTS, "opening"),
    "tender.invite": ((*HOSTS, "custodian", "tenderer"), ""),
    "admission.decide": (HOSTS, "opening"),
    "invitees.list": (HOSTS, ""),
    "invitees.commit": (HOSTS, ""),
    "invitees.reveal": (HOSTS, ""),
    "invitees.forfeit": (HOSTS, ""),
    "award.seat": (("buyer", "award_member", "supervisor"), "opening"),
    "award.vote": (("buyer", "award_member", "supervisor"), "opening"),
    "award.commit_lots": (HOSTS, "opening"),
    "award.reveal_lots": (HOSTS, "opening"),
    "award.forfeit_lots": (HOSTS, "opening"),
    "award.decide": (("buyer", "agency", "supervisor"), "publicity"),
    "negotiation.talk": (("buyer", "agency", "supervisor", "evaluator"), "at_once"),
    "negotiation.change": ((*HOSTS, "evaluator", "bidder"), "at_once"),
    "negotiation.close": ((*HOSTS, "evaluator", "bidder"), "at_once"),
    "negotiation.settle": (("buyer", "agency", "supervisor"), "at_once"),
    "source.object": (("buyer", "agency", "supervisor"), "at_once"),
    "framework.choose": (HOSTS, ""),
    "framework.apply": (HOSTS, "at_once"),
    "contract.sign": (("buyer", "agency", "supplier", "supervisor"), "award"),
    **{f"complaint.{name}": (("supervisor",), "") for name in ("file", "return", "correct", "refuse")},
    "complaint.accept": (HOSTS, ""),
}
"""Acts that some roles may read before the public: which roles, from which stage (empty: at any time)."""

PRIVATE: dict[str, tuple[tuple[str, ...], str]] = {
    "objection.raise": (("supervisor",), "opening"),
    "complaint.file": (("supervisor",), ""),
    "invitees.list": (("supervisor",), "opening"),
    "draw.freeze_list": (("supervisor",), "award"),
    "draw.seat": (("supervisor",), "award"),
    "draw.decline": (("supervisor",), "award"),
    "draw.carry": (("supervisor",), "award"),
    "negotiation.talk": (("supervisor",), "at_once"),
    "evaluation.explain_price": (("supervisor",), "award"),
}
"""Acts whose private part a role may read, and from which stage."""


SETTLED_BY: dict[str, tuple[str, ...]] = {
    "draw.reveal": ("draw.seat",),
    "coefficient.reveal": ("coefficient.reveal", "coefficient.forfeit"),
    "award.reveal_lots": ("award.reveal_lots", "award.forfeit_lots"),
    "invitees.reveal": ("invitees.reveal", "invitees.forfeit"),
}
"""Acts that reveal a share -> which act, with its seed, shows that all are revealed. Before it nobody is shown any share, lest
the last side computes the result first and keeps its share back."""

BIDS = ("bid.submit", "bid.commit", "bid.deliver")
"""Acts on a bid's own chain that are shown with the opening record."""
RECORDED = ("bids", "undelivered", "replaced", "returned")
"""Where the opening record lists bids: opened; committed to and never delivered; replaced after the closing; returned
unopened."""


@dataclass(frozen=True)
class Shown:
    """An act that the reader may read: its place in the log, and whether its private part, too."""

    act: Act
    index: int
    private: bool

    @property
    def content(self) -> dict[str, Any]:
        """The canonical object that was committed to."""
        content: dict[str, Any] = json.loads(bytes(self.act.canonical))
        return content


@dataclass(frozen=True)
class Disclosure:
    """What a reader may see of a tender's acts, as of a checkpoint.

    Attributes:
        shown: acts of the tender's chain and of its opened bids, by index.
        hidden: (index, entry) of the tender's acts before the last shown one that are not for this reader.
    """

    checkpoint: Checkpoint | Seen | None
    shown: list[Shown]
    hidden: list[tuple[int, bytes]]


def reached(names: Iterable[str]) -> str:
    """The stage of publicity that a tender has reached with these acts; '' while nothing of it is public."""
    stage = ""
    for name in names:
        if name in STATE_AFTER:
            stage = publicity.reached_in(STATE_AFTER[name])
    return stage


Cap = Callable[[Any], str | None]
_caps: list[Cap] = []


def cap(find: Cap) -> Cap:
    """Register how one tells that a tender is public only up to a stage, whatever it has reached; None: no such bound."""
    _caps.append(find)
    return find


def stage_for(tender: Any, names: Iterable[str]) -> str:
    """The stage of publicity that a tender has reached with these acts, as far as nothing bounds it."""
    stage, order = reached(names), ("", *STAGES)
    bounds = [bound for find in _caps if stage and (bound := find(tender)) is not None]
    return min([stage, *bounds], key=order.index)


def is_public(act: str, stage: str) -> bool:
    """Whether everybody may read an act's public part at a stage."""
    return publicity.is_public(act, stage)


def may_read(act: str, stage: str, roles: Iterable[str]) -> bool:
    """Whether somebody with these roles may read an act's public part at a stage."""
    return is_public(act, stage) or _granted(EARLIER.get(act), stage, roles)


def may_read_private(act: str, stage: str, roles: Iterable[str]) -> bool:
    """Whether somebody with these roles may read an act's private part at a stage."""
    return _granted(PRIVATE.get(act), stage, roles)


def _granted(grant: tuple[tuple[str, ...], str] | None, stage: str, roles: Iterable[str]) -> bool:
    if grant is None or not set(grant[0]) & set(roles):
        return False
    order = ("", *STAGES)
    return order.index(stage) >= order.index(grant[1])


def disclose(number: str, actor: Actor = PUBLIC, *, under: Seen | None = None) -> Disclosure:
    """What the actor may read of a tender's acts now. Acts that are not yet under a signed checkpoint count as not done.

    Nothing at all is shown of a draft to the public, nor of a tender that does not exist.

    Args:
        under: the checkpoint to go by; None: the newest signed one.
    """
    checkpoint = under or Checkpoint.objects.order_by("-size").first()
    if checkpoint is None:
        return Disclosure(None, [], [])
    logged = Act.objects.filter(log_entry__index__lt=checkpoint.size).select_related("log_entry")
    chain = list(logged.filter(tender__number=number).select_related("tender").order_by("seq"))
    if not chain:
        return Disclosure(checkpoint, [], [])
    roles = roles_towards(actor, chain[0].tender)
    names = [act.act for act in chain]
    stage = reached(names) if set(roles) & set(HOSTS) else stage_for(chain[0].tender, names)
    unsettled = _unsettled(chain)
    shown = [_shown(act, stage, roles) for act in chain if may_read(act.act, stage, roles) and act.act not in unsettled]
    seen = {each.act.pk for each in shown}
    last = max((each.act.seq for each in shown), default=-1)
    hidden = [(act.log_entry.index, bytes(act.entry)) for act in chain if act.pk not in seen and act.seq < last]
    shown += [_shown(act, stage, roles) for act in logged.filter(act__in=BIDS, subject__in=_opened_bids(shown))]
    return Disclosure(checkpoint, sorted(shown, key=lambda each: each.index), hidden)


def _unsettled(chain: list[Act]) -> set[str]:
    """The acts of revealing in whose draw a share is still to come."""
    here = {act.act for act in chain} & SETTLED_BY.keys()
    return {
        name
        for name in here
        if not any(act.act in SETTLED_BY[name] and "seed" in json.loads(bytes(act.canonical))["public"] for act in chain)
    }


def _shown(act: Act, stage: str, roles: Iterable[str]) -> Shown:
    return Shown(act, act.log_entry.index, bool(act.private) and may_read_private(act.act, stage, roles))


def _opened_bids(shown: list[Shown]) -> list[str]:
    """Evidence subjects of the bids in a disclosed opening record, those that were not opened included; no other bid is
    ever shown.
    """
    return [
        bid["bid"]
        for each in shown
        if each.act.act == "opening.open"
        for name in RECORDED
        for bid in each.content["public"]["record"].get(name, ())
    ]

"""The award committee, its ballots and its draw of lots against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evaluations.models import AwardMember, AwardVote, Ballot
from yiwang.modules.evidence.findings import Finding, Scope, match, said
from yiwang.seal import public_draw


def findings(scope: Scope) -> Iterator[Finding]:
    """Rows against ``award.seat``, ``award.vote``, ``award.commit_lots``, ``award.reveal_lots`` and ``award.forfeit_lots``."""
    rows = {
        row.tender.number: {"rule": row.rule, "seated_at": moment.stamp(row.seated_at), "drawn": row.drawn}
        for row in AwardVote.objects.filter(**scope.rows("tender")).select_related("tender")
    }
    members = {
        (row.vote.tender.number, row.number): {"person": row.person.pseudonym(row.vote.tender.chain)}
        for row in AwardMember.objects.filter(**scope.rows("vote__tender")).select_related("vote__tender", "person")
    }
    told: dict[str, dict[str, Any]] = {}
    sat: dict[tuple[str, int], dict[str, Any]] = {}
    for act in said("award.seat", "award.commit_lots", "award.reveal_lots", "award.forfeit_lots", scope=scope):
        if act.name == "award.seat":
            told[act.tender] = {"rule": act.public["rule"], "seated_at": moment.stamp(act.at), "drawn": {}, "*": act.label}
            for each in act.public["members"]:
                sat[act.tender, each["number"]] = {"person": each["person"], "*": act.label}
            continue
        step = act.name.removeprefix("award.").removesuffix("_lots")
        told[act.tender]["drawn"] = public_draw.after(told[act.tender]["drawn"], step, act.public)
        told[act.tender]["*"] = act.label
    yield from match("evaluations.AwardVote", rows, told)
    yield from match("evaluations.AwardMember", members, sat)
    ballots = {
        (row.member.vote.tender.number, row.round, row.member.number): {
            "choice": row.choice, "reason": row.reason, "signature": row.signature, "at": moment.stamp(row.at),
        }
        for row in Ballot.objects.filter(**scope.rows("member__vote__tender")).select_related("member__vote__tender")
    }  # fmt: skip
    cast = {
        (act.tender, act.public["statement"]["round"], act.public["member"]): {
            "choice": act.public["statement"]["choice"], "reason": act.public["statement"]["reason"],
            "signature": act.public["signature"], "at": moment.stamp(act.at), "*": act.label,
        }
        for act in said("award.vote", scope=scope)
    }  # fmt: skip
    yield from match("evaluations.Ballot", ballots, cast)

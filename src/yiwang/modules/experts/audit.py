"""Draws and seats against their acts; seed and order are computed again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.canonical import digest
from yiwang.kernel.errors import YiwangError
from yiwang.modules.evidence.findings import Finding, Kept, Said, Scope, altered, match, said
from yiwang.modules.evidence.sequencer import the_log
from yiwang.modules.experts.models import Draw, Seat
from yiwang.seal import draw as lottery

KEPT = (Kept(Draw, "tender"), Kept(Seat, "draw__tender"))

FIELDS = ("process", "eligible", "excluded", "leaves", "list_root", "shares", "seed", "order", "answers")
Row = dict[str, Any]


def findings(scope: Scope) -> Iterator[Finding]:
    """The frozen list with its private part, the shares, the seed, and who sits where."""
    rows = {
        row.tender.number: {**{name: getattr(row, name) for name in FIELDS}, "last_commit": row.last_commit_id}
        for row in Draw.objects.filter(**scope.rows("tender")).select_related("tender")
    }
    draws, seats, wrong = _walk(scope)
    yield from match("experts.Draw", rows, draws)
    found = Seat.objects.filter(**scope.rows("draw__tender")).select_related("draw__tender", "expert")
    taken = {
        (row.draw.tender.number, row.number): {
            "leaf": row.leaf, "discipline": row.discipline, "expert": row.expert.code,
            "left_at": moment.stamp(row.left_at) if row.left_at else None, "left_because": row.left_because,
        }
        for row in found
    }  # fmt: skip
    yield from match("experts.Seat", taken, seats)
    yield from wrong


def _walk(scope: Scope) -> tuple[dict[str, Row], dict[tuple[str, int], Row], list[Finding]]:
    """Rows of draws and seats as the acts leave them, and what the acts of drawing themselves have wrong."""
    draws: dict[str, Row] = {}
    seats: dict[tuple[str, int], Row] = {}
    wrong: list[Finding] = []
    names = ("draw.freeze_list", "draw.commit", "draw.reveal", "draw.forfeit", "draw.seat", "draw.decline", "draw.carry")
    for act in said(*names, scope=scope):
        if act.name == "draw.carry":
            _carried(draws, seats, act)
            continue
        if act.name == "draw.freeze_list":
            draws[act.tender] = {
                **act.public, "eligible": act.private["eligible"], "excluded": act.private["excluded"], "shares": {},
                "seed": "", "order": [], "answers": {}, "last_commit": None, "*": act.label,
            }  # fmt: skip
            continue
        row = draws[act.tender]
        row["*"] = act.label
        if act.name == "draw.commit":
            row["shares"][act.public["party"]] = {"commitment": act.public["commitment"]}
            row["last_commit"] = act.pk
        elif act.name == "draw.reveal":
            row["shares"][act.public["party"]]["share"] = act.public["share"]
        elif act.name == "draw.forfeit":
            row["shares"][act.public["party"]] |= {"share": act.public["share"], "forfeited": True}
        else:
            if act.name == "draw.seat":
                wrong += _drawn(row, act)
            else:
                row["answers"] = {**row["answers"], str(act.public["leaf"]): lottery.Reply.DECLINED.value}
            _seat(seats, row, act)
    return draws, seats, wrong


def _carried(draws: dict[str, Row], seats: dict[tuple[str, int], Row], act: Said) -> None:
    """The earlier round's draw and seats as they were, in this round; who had to step aside has left."""
    number = act.public["earlier"]
    earlier, sat, _ = _walk(Scope(frozenset({number})))
    row = draws[act.tender] = {**earlier[number], "answers": dict(earlier[number]["answers"]), "*": act.label}
    seats |= {(act.tender, seat): {**taken, "*": act.label} for (_, seat), taken in sat.items()}
    for leaf in act.public["left"]:
        row["answers"][str(leaf)] = lottery.Reply.DECLINED.value
        for (tender, _), taken in seats.items():
            if tender == act.tender and taken["leaf"] == leaf and taken["left_at"] is None:
                taken |= {"left_at": moment.stamp(act.at), "left_because": act.private["left"][str(leaf)][:200]}
    _seat(seats, row, act)


def _drawn(row: Row, act: Said) -> Iterator[Finding]:
    """The seed from list, process, shares and the log's own root; the one order from the seed."""
    where, beacon = f"evidence.Act {act.label}", act.public["beacon"]
    shares = {party: each["share"] for party, each in row["shares"].items()}
    seed = lottery.seed(version=row["process"]["algorithm"], list_root=row["list_root"], process=digest(row["process"]),
                        shares=shares, beacon=beacon["root"])  # fmt: skip
    row["seed"], row["order"] = seed.hex(), lottery.permutation(len(row["eligible"]), seed)
    if act.public["seed"] != row["seed"]:
        yield altered(where, "seed", act.public["seed"], row["seed"], act.label)
    try:
        root = the_log().tiles.root(beacon["size"]).hex()
    except YiwangError:
        return  # a log that cannot be read is told of where the log is read
    if root != beacon["root"]:
        yield altered(where, "beacon", beacon["root"], root, f"log, size {beacon['size']}")


def _seat(seats: dict[tuple[str, int], Row], row: Row, act: Said) -> None:
    """Seats taken by this act; a seat that a later act does not list was left by it."""
    here = {item["seat"]: item for item in act.public["seats"]}
    for (number, seat), taken in seats.items():
        if number == act.tender and seat not in here and taken["left_at"] is None:
            taken |= {"left_at": moment.stamp(act.at), "left_because": act.private["reason"][:200], "*": act.label}
    for seat, item in here.items():
        if (act.tender, seat) not in seats:
            seats[act.tender, seat] = {
                "leaf": item["leaf"], "discipline": item["discipline"], "expert": row["eligible"][item["leaf"]]["code"],
                "left_at": None, "left_because": "", "*": act.label,
            }  # fmt: skip

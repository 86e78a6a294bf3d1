"""Acts of the draw: freeze the list, commit, reveal, seat, step aside. Never a second draw."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.canonical import digest
from yiwang.kernel.errors import Refused, bad
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence import commitments, door, drawing, witnessing
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import rules
from yiwang.modules.experts.models import Draw, Expert, Seat
from yiwang.modules.experts.states import DRAW
from yiwang.modules.tenders import services as tenders
from yiwang.modules.tenders.selectors import law_of
from yiwang.seal import draw as lottery
from yiwang.seal.public_draw import FORFEITED

ALGORITHM = "permutation/v1"


def freeze_list(*, actor: Actor, tender: str, seats: dict[str, int], request_key: str | None = None) -> Draw:
    """The center fixes who may be drawn: the pool, less those who must step aside.

    The log holds salted hashes of the list before anybody knows any share of the seed.

    Args:
        seats: discipline to number of seats, e.g. ``{"technical": 3, "economic": 2}``.

    Raises:
        Refused: size or share of experts is unlawful, or the pool is too small for a draw that nobody can steer.
    """
    with door.enter(DRAW.rows["draw.freeze_list"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        size = sum(seats.values())
        passage.require(law_of(subject).committee.check(size, size))
        eligible, excluded = _eligible(subject, seats)
        _check_pool(eligible, seats, limit(rules.POOL)["least"])
        leaves = [lottery.leaf(bytes.fromhex(each["salt"]), each["code"]) for each in eligible]
        process = {"algorithm": ALGORITHM, "seats": seats, "disciplines": [each["disciplines"] for each in eligible]}
        frozen = Draw.objects.create(
            tender=subject,
            process=process,
            eligible=eligible,
            excluded=excluded,
            leaves=leaves,
            list_root=lottery.list_root(leaves),
        )
        passage.record(
            public={"leaves": leaves, "list_root": frozen.list_root, "process": process},
            private={"eligible": eligible, "excluded": excluded},
            tender=subject,
        )
    return frozen


def commit(*, actor: Actor, tender: str, commitment: str, request_key: str | None = None) -> Draw:
    """One side (host, center, supervisor) commits to its share of the seed.

    Args:
        commitment: hex, :func:`yiwang.seal.draw.commitment` of 32 random bytes that the side keeps to itself.
    """
    with door.enter(DRAW.rows["draw.commit"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        drawn = passage.subject.draw
        party = rules.PARTIES[passage.role]
        drawn.shares[party] = {"commitment": drawing.committed({"shares": drawn.shares}, commitment)}
        passage.record(public={"party": party, "commitment": commitment}, tender=passage.subject)
        passage.then(lambda act: _note_commit(drawn, act))
    return Draw.objects.get(pk=drawn.pk)


def reveal(*, actor: Actor, tender: str, share: str, request_key: str | None = None) -> Draw:
    """One side reveals the share that it committed to.

    Raises:
        Refused: the last commitment is not in the log yet.
        BadInput: the share is not the one committed to.
    """
    with door.enter(DRAW.rows["draw.reveal"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        drawn = passage.subject.draw
        party = rules.PARTIES[passage.role]
        beacon = drawing.COMMITTEE.beacon(drawn.tender)
        drawn.shares[party]["share"] = drawing.opened(drawn.shares[party]["commitment"], share)
        drawn.save()
        fixed = {"beacon": beacon} if witnessing.policy() else {}
        passage.record(public={"party": party, "share": share, **fixed}, tender=passage.subject)
    return Draw.objects.get(pk=drawn.pk)


def forfeit(*, actor: Actor, tender: str, party: str, request_key: str | None = None) -> Draw:
    """Put on record that a side has not revealed within the time (NL-37); its share is then zeros by rule, and there is no
    second draw.

    Args:
        party: ``host``, ``center`` or ``supervisor``.

    Raises:
        Refused: the time has not passed, or no share but the center's would remain. BadInput: it is not that side's turn.
    """
    with door.enter(DRAW.rows["draw.forfeit"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        drawn = passage.subject.draw
        if party not in drawing.turn(drawn.shares) or party == drawing.party_of(passage.subject, actor):
            raise bad("party", "请选择逾期未公开的另一方", "choose the other side that is overdue")
        passage.require(drawing.not_alone(drawn.shares, party))
        fixed = {"beacon": drawing.COMMITTEE.beacon(drawn.tender)} if witnessing.policy() else {}
        drawn.shares[party] |= {"share": FORFEITED, "forfeited": True}
        drawn.save()
        passage.record(public={"party": party, "share": FORFEITED, **fixed}, tender=passage.subject)
    return Draw.objects.get(pk=drawn.pk)


def seat(*, actor: Actor, tender: str, request_key: str | None = None) -> Draw:
    """Compute the seed and the one order, and seat the first in it that fill the committee."""
    with door.enter(DRAW.rows["draw.seat"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        drawn = subject.draw
        beacon = drawing.COMMITTEE.beacon(drawn.tender)
        shares = {party: each["share"] for party, each in drawn.shares.items()}
        seed = lottery.seed(
            version=ALGORITHM,
            list_root=drawn.list_root,
            process=digest(drawn.process),
            shares=shares,
            beacon=beacon["root"],
        )
        drawn.seed, drawn.order = seed.hex(), lottery.permutation(len(drawn.eligible), seed)
        seated = seat_all(drawn)
        drawn.save()
        passage.record(
            public={"seed": drawn.seed, "beacon": beacon, "shares": shares, "seats": seats_json(seated)},
            private={"experts": [each.expert.code for each in seated]},
            tender=subject,
        )
    return drawn


def decline(*, actor: Actor, tender: str, reason: str, request_key: str | None = None) -> Draw:
    """A drawn evaluator steps aside before handing in a sheet; the next in the drawn order takes the seat."""
    if not reason.strip():
        raise bad("reason", "请说明回避或不能参加的原因", "state why you step aside", article="招标投标法实施条例 第48条")
    with door.enter(DRAW.rows["draw.decline"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        drawn = passage.subject.draw
        left = drawn.seats.select_related("expert").get(expert__person=actor.person, left_at=None)
        left.left_at, left.left_because = passage.now, reason.strip()[:200]
        left.save()
        drawn.answers[str(left.leaf)] = lottery.Reply.DECLINED.value
        seated = seat_all(drawn)
        drawn.save()
        passage.record(
            public={"leaf": left.leaf, "seats": seats_json(seated)},
            private={"reason": reason.strip()},
            tender=passage.subject,
            anonymous=True,
        )
    return drawn


def _note_commit(drawn: Draw, act: door.Act) -> None:
    drawn.last_commit = act
    drawn.save()


def related_to(tender: Any) -> dict[str, Text]:
    """Credit codes of the organisations in a tender, with what they are in it; known once its bids are opened."""
    related = {tender.buyer.uscc: Text("招标人", "buyer")}
    if tender.agency:
        related[tender.agency.uscc] = Text("代理机构", "agency")
    for bid in bids.opened(tender):
        related[bid.tenderer.uscc] = Text("投标人", "tenderer")
        related |= {member["tenderer"]: Text("联合体成员", "member of a joint bid") for member in bid.joint[1:]}
    return related


def _eligible(tender: Any, seats: dict[str, int]) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    related = related_to(tender)
    eligible: list[dict[str, Any]] = []
    excluded: list[dict[str, str]] = []
    for expert in Expert.objects.filter(active=True).order_by("code"):
        fitting = [name for name in expert.disciplines if name in seats]
        reason = rules.recusal(expert, related)
        if reason is not None:
            excluded.append({"code": expert.code, "reason": reason.zh})
        elif fitting:
            salt = commitments.new_salt().hex()
            eligible.append({"code": expert.code, "salt": salt, "disciplines": fitting})
    # the order of the list is that of the leaves: nobody chooses it
    eligible.sort(key=lambda each: lottery.leaf(bytes.fromhex(each["salt"]), each["code"]))
    return eligible, excluded


def _check_pool(eligible: list[dict[str, Any]], seats: dict[str, int], factor: int) -> None:
    for discipline, number in seats.items():
        have = sum(discipline in each["disciplines"] for each in eligible)
        if have < number * factor:
            raise Refused(
                Reason(
                    "draw.pool",
                    Text(
                        f"专业“{discipline}”可抽取 {have} 人，至少应有 {number * factor} 人",
                        f"{have} experts of “{discipline}” can be drawn; at least {number * factor} are needed",
                    ),
                    article="招标投标法实施条例 第46条",
                    field="seats",
                )
            )


def seat_all(drawn: Draw) -> list[Seat]:
    """Walk down the one order with the answers so far; add seats for those newly reached."""
    order = [lottery.Candidate(str(n), tuple(drawn.eligible[n]["disciplines"])) for n in drawn.order]
    answers = {each.name: lottery.Reply(drawn.answers.get(each.name, "accepted")) for each in order}
    walked = lottery.walk(order, answers, drawn.process["seats"])
    if walked.missing:
        raise Refused(Reason("draw.exhausted", Text("名单已经走完，席位不足", "the list is exhausted and seats are empty")))
    here = {seat.leaf for seat in drawn.seats.all()}
    reached = [(int(name), discipline) for name, discipline in walked.seated.items() if int(name) not in here]
    codes = [drawn.eligible[leaf]["code"] for leaf, _ in reached]
    experts = {expert.code: expert for expert in Expert.objects.filter(code__in=codes)}
    Seat.objects.bulk_create(
        Seat(draw=drawn, expert=experts[drawn.eligible[leaf]["code"]], number=number, leaf=leaf, discipline=discipline)
        for number, (leaf, discipline) in enumerate(reached, len(here) + 1)
    )
    return list(drawn.seats.filter(left_at=None).select_related("expert"))


def seats_json(seated: list[Seat]) -> list[dict[str, Any]]:
    """What evidence says of the seats that are taken."""
    return [{"seat": each.number, "leaf": each.leaf, "discipline": each.discipline} for each in seated]

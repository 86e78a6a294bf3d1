"""Acts of the award committee: seat it, vote in rounds, draw lots where the votes leave equals."""

from __future__ import annotations

from typing import Any

from yiwang.kernel import ballots
from yiwang.kernel.award_law import award_law
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evaluations import separate_rules as rules
from yiwang.modules.evaluations.models import AwardMember, AwardVote, Ballot
from yiwang.modules.evaluations.separate_states import SEPARATE
from yiwang.modules.evidence import door, drawing
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.experts import selectors as experts
from yiwang.modules.parties import acts as parties_acts
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders import services as tenders
from yiwang.seal import public_draw


def seat(
    *, actor: Actor, tender: str, members: list[str], method: str, tie: str = "price", rounds: int = 3, request_key: str | None = None
) -> AwardVote:
    """The buyer seats its award committee (定标委员会) and says how it votes.

    Args:
        members: user names of people of the buyer, the head first; an odd number, as many as the law asks at least.
        method: one of :data:`yiwang.kernel.ballots.METHODS`. tie: one of ``TIES``. rounds: the most that are held.

    Raises:
        BadInput: a member is unknown, of another body or of the evaluation committee; the size or the rule is unlawful.
    """
    rule = {"method": method, "tie": tie, "rounds": rounds}
    ballots.check_rule(rule)
    with door.enter(SEPARATE.rows["award.seat"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        passage.require(award_law().size(len(members)))
        people = _people(subject, members)
        vote = AwardVote.objects.create(tender=subject, rule=rule, seated_at=passage.now)
        AwardMember.objects.bulk_create(AwardMember(vote=vote, person=each, number=n) for n, each in enumerate(people, 1))
        named = [
            {"number": n, "name": each.name, "person": each.pseudonym(subject.chain)} for n, each in enumerate(people, 1)
        ]
        passage.record(public={"rule": rule, "members": named}, tender=subject)
    return vote


def vote(
    *, actor: Actor, tender: str, choice: list[str], reason: str, public: str, signature: str, request_key: str | None = None
) -> Ballot:
    """A member votes in the running round: an open ballot with its reason, signed over :func:`ballot_statement`.

    Args:
        choice: evidence subject of the candidate's bid; with the ranking vote all candidates in order.

    Raises:
        BadInput: the choice does not fit the round, or the reason is missing.
    """
    with door.enter(SEPARATE.rows["award.vote"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        held = rules.vote_of(subject)
        assert held is not None  # the guard found it
        seat_ = held.members.get(person=actor.person)
        number, _ = rules.running(held)
        ballots.check_ballot(held.rule, rules.standing(subject, held).again, choice)
        if not reason.strip():
            raise bad("reason", "请写明投票理由", "say why you vote so", passes=Text("一两句话", "a sentence or two"))
        content = ballot_statement(subject.number, number, choice, reason)
        signed = parties_acts.signature_of(actor, "award-ballot", content, public, signature)
        kept = Ballot.objects.create(
            member=seat_, round=number, choice=choice, reason=reason.strip(), signature=signed, at=passage.now
        )
        passage.record(public={"member": kept.member.number, "statement": content, "signature": signed}, tender=subject)
    return kept


def commit_lots(*, actor: Actor, tender: str, commitment: str, request_key: str | None = None) -> AwardVote:
    """A side (host, center, supervisor) commits to its share of the draw among equals.

    Args:
        commitment: hex, :func:`yiwang.seal.draw.commitment` of 32 random bytes that the side keeps to itself.
    """
    row = SEPARATE.rows["award.commit_lots"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        held = rules.vote_of(passage.subject)
        assert held is not None
        commitment, process = drawing.committed(held.drawn, commitment), rules.process(passage.subject, held)
        public = {"party": rules.PARTIES[passage.role], "commitment": commitment, "process": process}
        _write(passage, held, "commit", public)
    return held


def reveal_lots(*, actor: Actor, tender: str, share: str, request_key: str | None = None) -> AwardVote:
    """A side reveals its share. With the last one the order of the equals follows from shares and beacon.

    Raises:
        Refused: the last commitment is not in the log yet.
        BadInput: the share is not the one committed to.
    """
    row = SEPARATE.rows["award.reveal_lots"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        held, party = rules.vote_of(passage.subject), rules.PARTIES[passage.role]
        assert held is not None
        beacon = drawing.AWARD.beacon(passage.subject)
        public = drawing.revealed(held.drawn, party, share, beacon)
        _write(passage, held, "reveal", public)
    return held


def forfeit_lots(*, actor: Actor, tender: str, party: str, request_key: str | None = None) -> AwardVote:
    """Put on record that a side has not revealed within the time (NL-37); its share is then zeros by rule, and there is no
    second draw.

    Args:
        party: ``host``, ``center`` or ``supervisor``.

    Raises:
        Refused: the time has not passed, or no share but the center's would remain. BadInput: it is not that side's turn.
    """
    row = SEPARATE.rows["award.forfeit_lots"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        held = rules.vote_of(passage.subject)
        assert held is not None
        if party not in held.drawn["shares"] or party == drawing.party_of(passage.subject, actor):
            raise bad("party", "请选择逾期未公开的另一方", "choose the other side that is overdue")
        passage.require(drawing.not_alone(held.drawn["shares"], party))
        root = drawing.AWARD.beacon(passage.subject)
        _write(passage, held, "forfeit", drawing.forfeited(held.drawn, party, root))
    return held


def ballot_statement(tender: str, number: int, choice: list[str], reason: str) -> dict[str, Any]:
    """What a member signs (kind ``award-ballot``)."""
    return {"tender": tender, "round": number, "choice": list(choice), "reason": reason.strip()}


def _write(passage: door.Passage, held: AwardVote, step: str, public: dict[str, Any]) -> None:
    held.drawn = public_draw.after(held.drawn, step, public)
    held.save(update_fields=["drawn"])
    passage.record(public=public, tender=passage.subject)


def _people(tender: Any, names: list[str]) -> list[Any]:
    """The people of these user names; BadInput naming each that may not sit."""
    evaluators = {each.expert.person_id for each in experts.committee(tender)}
    found, faults = [], []
    for number, name in enumerate(names):
        person = parties.person_named(name)
        if person is None or not person.is_active or person.organisation_id != tender.buyer_id:
            said = Text(f"“{name}”不是招标人的人员", f"“{name}” is nobody of the buyer")
        elif person.pk in evaluators:
            said = Text(f"“{name}”是评标委员会成员，不得再参加定标", f"“{name}” sat in the evaluation committee")
        elif name in names[:number]:
            said = Text(f"“{name}”重复", f"“{name}” stands twice")
        else:
            found.append(person)
            continue
        faults.append(Reason("award.member", said, field=f"members[{number}]"))
    if faults:
        raise BadInput(*faults)
    return found


__all__ = ["ballot_statement", "commit_lots", "forfeit_lots", "reveal_lots", "seat", "vote"]

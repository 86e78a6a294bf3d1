"""Every act that the API can do: its name in the transition tables and the function that does it.

The body of a request is made from the function's keyword-only signature (see :mod:`yiwang.api.bodies`); an act that
is signed names the statement that a program must sign.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from yiwang.api import statements
from yiwang.modules.awards import acts as awards
from yiwang.modules.awards import admission_acts as admissions
from yiwang.modules.awards import invitee_acts as invitees
from yiwang.modules.bids import acts as bids
from yiwang.modules.contracts import acts as contracts
from yiwang.modules.evaluations import acts as evaluations
from yiwang.modules.evaluations import change_acts, price_acts, separate_acts
from yiwang.modules.evidence import files
from yiwang.modules.experts import acts as experts
from yiwang.modules.experts import carrying
from yiwang.modules.negotiations import acts as negotiations
from yiwang.modules.negotiations import framework_acts as frameworks
from yiwang.modules.negotiations import source_acts as sources
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import coefficient_acts as coefficients
from yiwang.modules.openings import drill_acts as drills
from yiwang.modules.openings import hall_acts as halls
from yiwang.modules.parties import acts as parties
from yiwang.modules.parties import ban_acts, cert_acts, join_acts, reset_acts
from yiwang.modules.remedies import acts as remedies
from yiwang.modules.remedies import complaint_acts as complaints
from yiwang.modules.reviews import acts as reviews
from yiwang.modules.tenders import acts as tenders
from yiwang.modules.tenders import drafts, suspension
from yiwang.modules.venues import acts as venues


@dataclass(frozen=True)
class ApiAct:
    """How the API does an act.

    Attributes:
        do: the act's function.
        statement: what must be signed, for acts that are.
        types: media types that an uploaded file may have; None: any.
    """

    do: Callable[..., Any]
    statement: statements.Statement | None = None
    types: tuple[str, ...] | None = field(default=None)


ON_A_TENDER: dict[str, ApiAct] = {
    "tender.attach_document": ApiAct(tenders.attach_document, types=tuple(files.TYPES)),
    "tender.publish": ApiAct(tenders.publish),
    "tender.terminate": ApiAct(tenders.terminate),
    "tender.archive": ApiAct(tenders.archive),
    "tender.suspend": ApiAct(suspension.suspend),
    "tender.resume": ApiAct(suspension.resume),
    "clarification.ask": ApiAct(tenders.ask),
    "clarification.answer": ApiAct(tenders.clarify),
    "objection.raise": ApiAct(remedies.raise_objection),
    "objection.answer": ApiAct(remedies.answer),
    "objection.withdraw": ApiAct(remedies.withdraw_objection),
    "complaint.file": ApiAct(complaints.file),
    "complaint.return": ApiAct(complaints.send_back),
    "complaint.correct": ApiAct(complaints.correct),
    "complaint.accept": ApiAct(complaints.accept),
    "complaint.refuse": ApiAct(complaints.refuse),
    "complaint.suspend": ApiAct(complaints.suspend),
    "complaint.resume": ApiAct(complaints.resume),
    "complaint.decide": ApiAct(complaints.decide, types=tuple(files.TYPES)),
    "complaint.withdraw": ApiAct(complaints.withdraw),
    "bid.submit": ApiAct(bids.submit),
    "bid.commit": ApiAct(bids.commit),
    "bid.deliver": ApiAct(bids.deliver),
    "bid.withdraw": ApiAct(bids.withdraw),
    "custody.appoint": ApiAct(openings.appoint_custodians),
    "custody.replace": ApiAct(openings.replace_custodian),
    "custody.provide_key": ApiAct(openings.provide_key),
    "custody.refuse": ApiAct(openings.refuse),
    "opening.release_key": ApiAct(openings.release_key),
    "opening.open": ApiAct(openings.open_bids),
    "opening.confirm": ApiAct(openings.confirm, statements.opening_record),
    "hall.advance": ApiAct(halls.advance),
    "hall.pause": ApiAct(halls.pause),
    "hall.resume": ApiAct(halls.resume),
    "hall.postpone": ApiAct(halls.postpone),
    "hall.incident": ApiAct(halls.incident),
    "hall.ask": ApiAct(halls.ask),
    "hall.answer": ApiAct(halls.answer),
    "draw.freeze_list": ApiAct(experts.freeze_list),
    "draw.commit": ApiAct(experts.commit),
    "draw.reveal": ApiAct(experts.reveal),
    "draw.forfeit": ApiAct(experts.forfeit),
    "draw.seat": ApiAct(experts.seat),
    "draw.decline": ApiAct(experts.decline),
    "evaluation.declare": ApiAct(evaluations.declare, statements.no_conflict),
    "evaluation.submit_sheet": ApiAct(evaluations.submit_sheet, statements.score_sheet),
    "evaluation.conclude": ApiAct(evaluations.conclude),
    "coefficient.commit": ApiAct(coefficients.commit),
    "coefficient.reveal": ApiAct(coefficients.reveal),
    "coefficient.forfeit": ApiAct(coefficients.forfeit),
    "evaluation.correct_sheet": ApiAct(evaluations.correct_sheet, statements.score_sheet),
    "evaluation.correct_price": ApiAct(change_acts.correct),
    "evaluation.quantify": ApiAct(change_acts.quantify),
    "evaluation.vote_price": ApiAct(change_acts.vote),
    "evaluation.confirm_price": ApiAct(change_acts.confirm, statements.price_correction),
    "evaluation.ask_price": ApiAct(price_acts.ask),
    "evaluation.explain_price": ApiAct(price_acts.explain),
    "evaluation.judge_price": ApiAct(price_acts.find),
    "award.seat": ApiAct(separate_acts.seat),
    "award.vote": ApiAct(separate_acts.vote, statements.award_ballot),
    "award.commit_lots": ApiAct(separate_acts.commit_lots),
    "award.reveal_lots": ApiAct(separate_acts.reveal_lots),
    "award.forfeit_lots": ApiAct(separate_acts.forfeit_lots),
    "evaluation.sign_report": ApiAct(evaluations.sign_report, statements.evaluation_report),
    "candidates.publicise": ApiAct(awards.publicise),
    "award.decide": ApiAct(awards.decide),
    "award.notify": ApiAct(awards.notify, statements.award_notice),
    "contract.sign": ApiAct(contracts.sign, statements.contract),
    "contract.register": ApiAct(contracts.register),
    "tender.invite": ApiAct(admissions.invite),
    "admission.decide": ApiAct(admissions.decide),
    "invitees.list": ApiAct(invitees.make_list),
    "invitees.commit": ApiAct(invitees.commit),
    "invitees.reveal": ApiAct(invitees.reveal),
    "invitees.forfeit": ApiAct(invitees.forfeit),
    "draw.carry": ApiAct(carrying.carry),
    "review.record": ApiAct(reviews.record),
    "review.justify": ApiAct(reviews.justify),
    "draft.revise": ApiAct(drafts.revise),
    "draft.drop_document": ApiAct(drafts.drop_document),
    "negotiation.talk": ApiAct(negotiations.talk),
    "negotiation.change": ApiAct(negotiations.change),
    "negotiation.close": ApiAct(negotiations.close),
    "negotiation.settle": ApiAct(negotiations.settle),
    "source.publicise": ApiAct(sources.publicise),
    "source.object": ApiAct(sources.object_to),
    "source.answer": ApiAct(sources.answer),
    "framework.choose": ApiAct(frameworks.choose),
    "framework.apply": ApiAct(frameworks.apply),
    "framework.review": ApiAct(frameworks.review),
    "framework.close": ApiAct(frameworks.close),
}
"""Acts on a tender that exists: POST /tenders/{number}/acts/{act}."""

ELSEWHERE: dict[str, ApiAct] = {
    "tender.enter": ApiAct(tenders.enter),
    "organisation.register": ApiAct(parties.register_organisation),
    "person.bind_key": ApiAct(parties.bind_key),
    "member.appoint": ApiAct(parties.appoint_member),
    "member.remove": ApiAct(parties.remove_member),
    "member.invite": ApiAct(join_acts.invite),
    "member.join": ApiAct(join_acts.join),
    "member.leave": ApiAct(join_acts.leave),
    "certificate.bind": ApiAct(cert_acts.bind),
    "certificate.revoke": ApiAct(cert_acts.revoke),
    "certificate.endorse": ApiAct(cert_acts.endorse),
    "reset.ask": ApiAct(reset_acts.ask),
    "reset.agree": ApiAct(reset_acts.agree),
    "reset.object": ApiAct(reset_acts.object_to),
    "drill.schedule": ApiAct(drills.schedule),
    "drill.provide_key": ApiAct(drills.provide_key),
    "drill.release_key": ApiAct(drills.release_key),
    "calendar.staff": ApiAct(venues.staff),
    "calendar.close": ApiAct(venues.close),
    "calendar.withdraw": ApiAct(venues.withdraw),
    "party.ban": ApiAct(ban_acts.ban),
    "party.lift_ban": ApiAct(ban_acts.lift_ban),
}
"""Acts with an address of their own: POST /tenders, /organisations, /me/keys, /me/members, /drills and below."""

BY_THE_SYSTEM = (
    "opening.close", "tender.fail", "deadline.follow", "drill.report", "audit.report", "client.publish",
    "log.rotate", "log.succeed", "log.begin", "reset.carry_out",
)
"""Acts that only the system does, by time, on command or following from another act: no address."""

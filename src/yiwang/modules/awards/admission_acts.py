"""Acts of chains of rounds: invite to a round, decide whom it admits to the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import admission
from yiwang.kernel.canonical import digest
from yiwang.modules.awards import admission_rules as rules
from yiwang.modules.awards.admission_models import Admission
from yiwang.modules.awards.admission_states import ADMISSION
from yiwang.modules.evidence import door, registry
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders import acts as tender_acts
from yiwang.modules.tenders import services as tenders
from yiwang.modules.tenders.selectors import law_of


def decide(*, actor: Actor, tender: str, request_key: str | None = None) -> Admission | None:
    """Decide whom this round admits to the next: it follows from the committee's report, nobody chooses.

    With fewer than the law asks the round has failed and is held again (招标投标法实施条例 第19条); gives None then.

    Raises:
        Refused: the report is not signed by all yet.
    """
    row = ADMISSION.rows["admission.decide"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        rule = law_of(subject).admission
        report = getattr(subject, "report", None)
        admitted, others = admission.lists(report.content if report else None, subject.opening.record)
        facts = {"admitted": admitted, "others": others, **({"report_sha256": report.sha256} if report else {})}
        enough = rule.check(len(admitted)) if rule is not None else None
        if enough is not None and not enough:
            passage.row, passage.target = registry.row_of("tender.fail"), "failed"
            # names stay secret: whoever applied may apply again
            passage.record(
                public={"reason": "too_few_admitted", "rule": enough.reasons[0].code, "admitted": len(admitted), "lists_sha256": digest(facts)},
                private=facts, tender=subject,
            )  # fmt: skip
            return None
        made = Admission.objects.create(tender=subject, admitted=admitted, others=others, decided_at=passage.now)
        tenders.note(subject, "admission.decided", passage.now)
        passage.record(public=facts, tender=subject)
    return made


def invite(
    *, actor: Actor, tender: str, issue_end: datetime, deadline: datetime, request_key: str | None = None
) -> Any:
    """Send the invitations (投标邀请书): to those named in the entry, or to all whom the earlier round admitted.

    Nobody else sees the tender before the opening. The periods are those of a notice.

    Args:
        issue_end: until when the documents are given out.
        deadline: for bids.

    Raises:
        Refused: fewer than three are invited (招标投标法 第17条), the earlier round is not decided, a period is too short.
    """
    row = ADMISSION.rows["tender.invite"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        earlier = rules.admission_of(subject.stage_of) if rules.invites_the_admitted(subject) else None
        subject.invitees = earlier.codes if earlier else list(dict.fromkeys(subject.invitees))
        public = tender_acts.announced(passage, issue_end, deadline)
        passage.record(public={**public, "invited": _named(subject)}, tender=subject)
    return passage.subject


def _named(tender: Any) -> list[dict[str, str]]:
    """Credit codes and names of those invited; the entry let in none but registered enterprises."""
    found = {each.uscc: each.name for each in parties.organisations().filter(uscc__in=tender.invitees)}
    return [{"uscc": code, "name": found[code]} for code in tender.invitees]

"""The one door. Whatever has legal effect passes here, and nowhere else.

    with door.enter(ROWS["tender.publish"], actor, lambda: locked(number)) as passage:
        passage.require(rules.lawful_deadline(...))
        passage.subject.deadline = deadline
        passage.record(public={...})

In one database transaction the door locks the subject, asks the transition table, lets the act make its change,
moves the state, appends the act to the evidence with a place in the sequencer's outbox, and tells whoever must know.
If anything fails nothing has happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from yiwang.kernel import moment
from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import Refused, YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Transition
from yiwang.kernel.verdict import Reason, Verdict
from yiwang.modules.evidence import actors, commitments, permits
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.models import Act, Notification, Outbox

VERSION = 1


class AlreadyReceived(YiwangError):
    """The same request came twice (a double click, a retry): ``act`` is what the first one did."""

    status = 409

    def __init__(self, act: Act) -> None:
        self.act = act
        super().__init__(Reason("repeated", Text("这个请求已经办理过了", "This request was carried out already")))


@dataclass
class Passage:
    """One act on its way through the door.

    Attributes:
        row: the transition.
        subject: the locked object that the act changes; an act that creates it sets this.
        now: the moment of the act.
        target: the state that the subject gets; an act that is only one of several needed sets it to "".
        act: the evidence, once the door has closed.
    """

    row: Transition
    actor: Actor
    role: str
    subject: Any
    now: datetime
    target: str = ""
    request_key: str | None = None
    act: Act | None = None
    _public: dict[str, Any] = field(default_factory=dict)
    _private: dict[str, Any] = field(default_factory=dict)
    _chain: str = ""
    _tender: Any = None
    _anonymous: bool = False

    def require(self, verdict: Verdict) -> None:
        """Go on only if the verdict is yes.

        Raises:
            Refused: with the verdict's reasons.
        """
        if not verdict:
            raise Refused(*verdict.reasons)

    def record(
        self,
        public: dict[str, Any],
        private: dict[str, Any] | None = None,
        *,
        chain: str = "",
        tender: Any = None,
        anonymous: bool = False,
    ) -> None:
        """Say what the act was.

        Args:
            public: what everybody may read once the act is public. Canonical JSON values only.
            private: what only those entitled may read; the log holds its salted digest.
            chain: evidence subject, when not that of the locked object (a bid has a chain of its own, lest the
                numbering of the tender's acts betray how many bids there are).
            tender: the tender that the act openly belongs to, when not the locked object; None for secret chains.
            anonymous: leave out who acted (a question's author is never disclosed).
        """
        self._public, self._private = public, private or {}
        self._chain, self._tender, self._anonymous = chain, tender, anonymous


@contextmanager
def enter(
    row: Transition,
    actor: Actor,
    lock: Callable[[], Any],
    *,
    request_key: str | None = None,
) -> Iterator[Passage]:
    """Pass through the door; see the module's text.

    Args:
        row: the transition that is to be done.
        actor: who does it.
        lock: gives the subject with its row locked, or None when the act creates the subject.
        request_key: names this request, so that the same one coming twice is done once.

    Raises:
        Refused: by role, state or condition.
        AlreadyReceived: the request was carried out before.
    """
    try:
        with transaction.atomic():
            subject = lock()
            if request_key:
                _refuse_repetition(request_key)
            now = moment.now()
            verdict = permits.may(row, actor, subject, now)
            if not verdict:
                raise Refused(*verdict.reasons)
            passage = Passage(row, actor, permits.role_for(row, actor, subject), subject, now, row.target, request_key)
            yield passage
            _finish(passage)
    except IntegrityError:
        if request_key:
            _refuse_repetition(request_key)
        raise


def _refuse_repetition(request_key: str) -> None:
    earlier = Act.objects.filter(request_key=request_key).first()
    if earlier:
        raise AlreadyReceived(earlier)


def _finish(passage: Passage) -> None:
    row, subject = passage.row, passage.subject
    if passage.target:
        subject.state = passage.target
    subject.save()
    passage.act = _append(passage)
    _tell(passage)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('evidence', '')")
        if passage.act.tender_id:
            cursor.execute("SELECT pg_notify('tender_events', %s)", [f"{passage.act.tender.number} {passage.act.seq}"])


def _append(passage: Passage) -> Act:
    chain = passage._chain or passage.subject.chain
    last = Act.objects.filter(subject=chain).order_by("-seq").values_list("seq", "entry").first()
    seq, prev = (last[0] + 1, bytes(last[1]).hex()) if last else (0, "")
    salt = commitments.new_salt()
    private_salt = commitments.new_salt().hex() if passage._private else ""
    content = canonical(
        {
            "v": VERSION,
            "act": passage.row.act,
            "actor": _actor_of(passage, chain),
            "at": moment.stamp(passage.now),
            "subject": chain,
            "seq": seq,
            "prev": prev,
            "public": passage._public,
            "private_digest": commitments.private_digest(private_salt, passage._private),
        }
    )
    act = Act.objects.create(
        act=passage.row.act,
        subject=chain,
        seq=seq,
        tender=_tender_of(passage),
        person=passage.actor.person,
        organisation=passage.actor.organisation,
        role=passage.role,
        at=passage.now,
        salt=salt,
        canonical=content,
        private=passage._private,
        private_salt=private_salt,
        entry=commitments.commit(salt, content),
        request_key=passage.request_key,
    )
    Outbox.objects.create(act=act)
    return act


def _tender_of(passage: Passage) -> Any:
    if passage._tender is not None:
        return passage._tender
    return passage.subject if not passage._chain and passage.row.kind == "tender" else None


def _actor_of(passage: Passage, chain: str) -> dict[str, str]:
    actor = passage.actor
    if passage._anonymous or actor.person is None:
        return {"role": passage.role, "party": "", "person": ""}
    party = actor.organisation.uscc if actor.organisation else ""
    return {"role": passage.role, "party": party, "person": actor.person.pseudonym(chain)}


def _tell(passage: Passage) -> None:
    act, row = passage.act, passage.row
    if not row.tells:
        return
    Notification.objects.bulk_create(
        Notification(act=act, organisation_id=organisation, person_id=person, created=passage.now)
        for organisation, person in actors.to_tell(row.tells, passage._tender or passage.subject)
    )

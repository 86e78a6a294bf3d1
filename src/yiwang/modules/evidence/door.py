"""The one door. Whatever has legal effect passes here, and nowhere else.

    with door.enter(ROWS["tender.publish"], actor, lambda: locked(number)) as passage:
        passage.require(rules.lawful_deadline(...))
        passage.subject.deadline = deadline
        passage.record(public={...})

In one database transaction the door locks the subject, asks the transition table and the tender's procedure, lets the act make its change,
moves the state, appends the act to the evidence with a place in the sequencer's outbox, and tells whoever must know.
If anything fails nothing has happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
from yiwang.modules.evidence import actors, blind, commitments, course, permits, plain
from yiwang.modules.evidence.actors import Actor, Told
from yiwang.modules.evidence.models import Act

VERSION = 1


_latest: ContextVar[Act | None] = ContextVar("latest_act", default=None)


def just_done(request_key: str) -> Act | None:
    """The act that this request did, if it was the last one through the door here; saves reading it back."""
    act = _latest.get()
    return act if act is not None and act.request_key == request_key else None


class NewKey(str):
    """A request key that was made a moment ago, at random: nobody can have used it before, so that is not asked."""

    __slots__ = ()


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
    _begins: bool = False
    _tender: Any = None
    _anonymous: bool = False
    _due: str = ""
    _blind: blind.Lists | None = None
    _before: tuple[Any, ...] | None = None
    _then: list[Callable[[Act], object]] = field(default_factory=list)

    @property
    def evidence(self) -> Act:
        """The act as recorded; only after the door has closed."""
        if self.act is None:
            raise RuntimeError("the door has not closed yet")
        return self.act

    def then(self, write: Callable[[Act], object]) -> None:
        """Also write something that refers to the recorded act, in the door's own transaction."""
        self._then.append(write)

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
        begins: bool = False,
        tender: Any = None,
        anonymous: bool = False,
        secret: blind.Lists | None = None,
    ) -> None:
        """Say what the act was.

        Args:
            public: what everybody may read once the act is public. Canonical JSON values only.
            private: what only those entitled may read; the log holds its salted digest.
            chain: evidence subject, when not that of the locked object (a bid has a chain of its own, lest the
                numbering of the tender's acts betray how many bids there are).
            begins: the chain was named at random a moment ago: this act is its first.
            tender: the tender that the act openly belongs to, when not the locked object; None for secret chains.
            anonymous: leave out who acted (a question's author is never disclosed).
            secret: the act's very existence is secret: its row is blind, found again by these lists. The lock must
                keep two such acts of one list from coming at once.
        """
        self._public, self._private, self._blind = public, private or {}, secret
        self._chain, self._begins, self._tender, self._anonymous = chain, begins, tender, anonymous


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
            if request_key and not isinstance(request_key, NewKey):
                _refuse_repetition(request_key)
            now = moment.now()
            role, verdict = permits.judge(row, actor, subject, now)
            if not verdict:
                raise Refused(*verdict.reasons)
            target = course.target(row, subject)
            passage = Passage(row, actor, role, subject, now, target, request_key, _due=target)
            passage._before = _picture(subject)
            yield passage
            _finish(passage)
        # inside somebody else's transaction it may still come to nothing
        _latest.set(None if connection.in_atomic_block else passage.act)
    except IntegrityError:
        if request_key:
            _refuse_repetition(request_key)
        raise


def _refuse_repetition(request_key: str) -> None:
    earlier = blind.by_request(request_key)
    if earlier:
        raise AlreadyReceived(earlier)


def _finish(passage: Passage) -> None:
    subject = passage.subject
    if passage.target:
        subject.state = passage.target
    if passage._before is None or _picture(subject) != passage._before:  # most acts leave the locked row as it is
        subject.save()
    if not passage._then:
        passage.act = _append(passage, _whom_to_tell(passage))
        return
    passage.act = _append(passage, [])
    for write in passage._then:
        write(passage.act)
    _tell(passage.act, _whom_to_tell(passage), passage.now)  # what was written just now may say who


def _picture(subject: Any) -> tuple[Any, ...] | None:
    """The values of the subject's row; None when there is no row yet."""
    return None if subject is None or subject._state.adding else plain.picture(subject)


def _append(passage: Passage, told: list[Told]) -> Act:
    chain = passage._chain or passage.subject.chain
    own = blind.owned(passage._blind.own) if passage._blind else []
    seq, prev = (0, "") if passage._begins else blind.following(chain, own) if passage._blind else _next_in(chain)
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
    act = Act(
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
    insert(act, blind.hide(act, passage._blind, own) if passage._blind else act, told)
    return act


def _next_in(chain: str) -> tuple[int, str]:
    """Number of a chain's next act, and the entry of its last one in hex."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, entry FROM evidence_act WHERE subject = %s ORDER BY seq DESC LIMIT 1", [chain])
        last = cursor.fetchone()
    return (last[0] + 1, bytes(last[1]).hex()) if last else (0, "")


_TOLD = (
    "INSERT INTO evidence_notification (act_id, organisation_id, person_id, created)"
    " SELECT act.id, told.organisation, told.person, %s FROM act, unnest(%s::bigint[], %s::uuid[]) AS told (organisation, person)"
)
_INSERT = (
    "WITH act AS (INSERT INTO evidence_act ({columns}) VALUES ({places}) RETURNING id),"
    " waiting AS (INSERT INTO evidence_outbox (act_id) SELECT id FROM act), told AS ({told})"
    " SELECT id, pg_notify('evidence', ''), CASE WHEN %s <> '' THEN pg_notify('tender_events', %s) END FROM act"
)


def insert(act: Act, row: Act, told: list[Told] | None = None) -> None:
    """The act, its place in the outbox, whom it is told and the notice to whoever listens, in one round trip.

    Args:
        act: gets its id.
        row: as it is written; the act itself, or its blind row.
        told: whom the act is told.
    """
    columns, places = plain.places(Act)
    news = f"{act.tender.number} {act.seq}" if act.tender else ""
    with connection.cursor() as cursor:
        statement = _INSERT.format(columns=columns, places=places, told=_TOLD)
        cursor.execute(statement, [*plain.row(row), *_told(told or [], act.at), news, news])
        act.pk = cursor.fetchone()[0]
    act._state.adding, act._state.db = False, connection.alias


def _told(told: list[Told], at: datetime) -> list[Any]:
    """The values of :data:`_TOLD`."""
    return [at, [organisation for organisation, _ in told], [person for _, person in told]]


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


def _whom_to_tell(passage: Passage) -> list[Told]:
    part_of_more = bool(passage._due) and not passage.target
    if not passage.row.tells or part_of_more:
        return []
    return actors.to_tell(passage.row.tells, passage._tender or passage.subject)


def _tell(act: Act, told: list[Told], at: datetime) -> None:
    if told:
        with connection.cursor() as cursor:
            cursor.execute(f"WITH act AS (SELECT %s::bigint AS id) {_TOLD}", [act.pk, *_told(told, at)])

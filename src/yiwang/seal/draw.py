"""A draw that anyone can recompute: commit the list, commit shares, reveal, one seed, one permutation, one walk.

Nobody can steer it: the list is fixed before the shares are revealed, each party's share is fixed before the others'
are known, a party that does not reveal is replaced by a value forced by rule, a public beacon of a later moment enters,
and there is never a second draw: who declines is followed by the next in order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from yiwang.kernel.canonical import canonical
from yiwang.seal.commitment import set_root
from yiwang.seal.drbg import HmacDrbg
from yiwang.seal.shapes import check_hex

T = TypeVar("T")

FORCED = "00" * 32
"""The share that counts for a party that committed and did not reveal (in time, or not what it had committed to)."""


def leaf(salt: bytes, name: str) -> str:
    """Hex salted hash of one eligible person's id; ``salt`` is 32 random bytes of that person's own."""
    if len(salt) != 32:
        raise ValueError("a salt has 32 bytes")
    return hashlib.sha256(salt + name.encode()).hexdigest()


def list_root(leaves: Iterable[str]) -> str:
    """Hex root over the leaves of the eligible list, whose order is by leaf, so that nobody chooses it.

    ``SHA-256("draw-list/v1\\n" || u64 count || leaves in ascending order)``. ValueError when a leaf stands twice.
    """
    return set_root(b"draw-list/v1\n", leaves)


def commitment(share: bytes) -> str:
    """Hex commitment to a party's share of 32 random bytes; logged before anybody reveals."""
    if len(share) != 32:
        raise ValueError("a share has 32 bytes")
    return hashlib.sha256(b"draw-share/v1\n" + share).hexdigest()


def settle(commitments: Mapping[str, str], reveals: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The shares (hex) that count, one for each party that committed, and the parties whose share was forced.

    A reveal that is malformed or is not what the party committed to counts as none. Reveals of parties that did not
    commit are ignored.
    """
    shares, forced = {}, []
    for party, committed in sorted(commitments.items()):
        revealed = reveals.get(party, "")
        try:
            valid = commitment(bytes.fromhex(check_hex(revealed, party))) == committed
        except ValueError:
            valid = False
        shares[party] = revealed if valid else FORCED
        if not valid:
            forced.append(party)
    return shares, tuple(forced)


def seed(
    *,
    version: str,
    list_root: str,
    process: str,
    shares: Mapping[str, str],
    beacon: str,
    more: Mapping[str, str] | None = None,
) -> bytes:
    """The draw's 32-byte seed: SHA-256 of ``"draw/v1\\n"`` and the canonical JSON of all its parts.

    Args:
        version: name of the algorithm, e.g. ``permutation/v1``.
        list_root: from :func:`list_root`.
        process: hex digest of the committed process (seats, disciplines, rules).
        shares: party to hex share, from :func:`settle`.
        beacon: public value that nobody knew when the shares were committed, e.g. a later witnessed root.
        more: further parts by name, e.g. a VRF output.

    Raises:
        ValueError: a root, digest or share is not 32 bytes in lower-case hex; no party takes part; no beacon.
    """
    if not shares or not beacon:
        raise ValueError("a draw needs at least one party's share and a beacon")
    parts = {
        "version": version,
        "list": check_hex(list_root, "list_root"),
        "process": check_hex(process, "process"),
        "shares": {party: check_hex(share, party) for party, share in shares.items()},
        "beacon": beacon,
        "more": dict(more or {}),
    }
    return hashlib.sha256(b"draw/v1\n" + canonical(parts)).digest()


def permutation(count: int, seed: bytes) -> list[int]:
    """The one order of the numbers 0 to ``count`` - 1 that the seed gives.

    Fisher-Yates from the end: for i = count-1 ... 1 swap places i and ``below(i + 1)`` of an HMAC-DRBG whose
    personalization is ``yiwang/permutation/v1``.
    """
    drbg = HmacDrbg(seed, personalization=b"yiwang/permutation/v1")
    order = list(range(count))
    for place in range(count - 1, 0, -1):
        other = drbg.below(place + 1)
        order[place], order[other] = order[other], order[place]
    return order


def pick(seed: bytes, choices: Sequence[T]) -> T:
    """The one choice (a float coefficient, 浮动系数) that the seed gives. ValueError when there is none."""
    if not choices:
        raise ValueError("nothing to choose from")
    return choices[HmacDrbg(seed, personalization=b"yiwang/pick/v1").below(len(choices))]


class Reply(StrEnum):
    """What a called person answered."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    RECUSED = "recused"


class Outcome(StrEnum):
    """What became of a name on the list."""

    SEATED = "seated"
    CALLING = "calling"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    RECUSED = "recused"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One eligible person: id and disciplines, the preferred one first."""

    name: str
    disciplines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one name, in the order of the draw; ``discipline`` is the seat taken or held, else empty."""

    name: str
    outcome: Outcome
    discipline: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """The state of a draw after the answers so far.

    Attributes:
        seated: name to discipline.
        trace: one step for every candidate, in order.
        missing: discipline to seats that nobody holds although the list is at its end; not empty means shortage.
    """

    seated: Mapping[str, str]
    trace: tuple[Step, ...]
    missing: Mapping[str, int]

    @property
    def to_call(self) -> tuple[str, ...]:
        """Those who are to be called now: they hold a seat until they answer."""
        return tuple(step.name for step in self.trace if step.outcome is Outcome.CALLING)

    @property
    def complete(self) -> bool:
        """Whether all seats are taken."""
        return not self.missing and not self.to_call


def walk(order: Sequence[Candidate], answers: Mapping[str, Reply], quotas: Mapping[str, int]) -> Walk:
    """Walk down the drawn order and seat the first who accept, within the seats of each discipline.

    A person takes the first of the own disciplines with a free seat; who has none is not needed and is not called.
    A called person holds the seat until an answer comes, so that nobody further down gets it by answering faster.

    Raises:
        ValueError: a name stands twice, or an answer is of somebody who is not on the list.
    """
    names = [candidate.name for candidate in order]
    if len(set(names)) != len(names):
        raise ValueError("a name stands twice in the order")
    if strangers := sorted(answers.keys() - set(names)):
        raise ValueError(f"{strangers[0]} is not on the list")
    free = dict(quotas)
    trace = []
    for candidate in order:
        step = _step(candidate, answers.get(candidate.name), free)
        if step.outcome in {Outcome.SEATED, Outcome.CALLING}:
            free[step.discipline] -= 1
        trace.append(step)
    seated = {step.name: step.discipline for step in trace if step.outcome is Outcome.SEATED}
    return Walk(seated, tuple(trace), {name: seats for name, seats in free.items() if seats > 0})


def _step(candidate: Candidate, reply: Reply | None, free: Mapping[str, int]) -> Step:
    discipline = next((name for name in candidate.disciplines if free.get(name, 0) > 0), "")
    if not discipline:
        return Step(candidate.name, Outcome.NOT_NEEDED)
    if reply is None:
        return Step(candidate.name, Outcome.CALLING, discipline)
    if reply is Reply.ACCEPTED:
        return Step(candidate.name, Outcome.SEATED, discipline)
    return Step(candidate.name, Outcome(reply.value))

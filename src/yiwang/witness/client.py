"""The log's side of C2SP tlog-witness: submit a checkpoint to all witnesses of a policy at once.

Ours to call: :func:`collect`. It returns as soon as the policy's quorum is met; slower witnesses may go on in threads
of their own until the timeout, and :meth:`Collected.more` adds what they brought.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue

from yiwang.kernel import moment
from yiwang.tlog import note as notes
from yiwang.tlog.checkpoint import Checkpoint, open_checkpoint, unverified
from yiwang.tlog.cosignature import Seconds, timestamp_of, verifier_for
from yiwang.tlog.errors import PolicyError
from yiwang.tlog.policy import Policy
from yiwang.witness.answers import MAX_ANSWER, Cosigned, Fault, read_answer
from yiwang.witness.memory import Memory, Report
from yiwang.witness.peer import Peer, PeerError
from yiwang.witness.request import format_request

ProofFor = Callable[[int], Sequence[bytes]]
"""The consistency proof from a size to the checkpoint's. Only ever called in the thread that called us."""

MEMORY = Memory()
"""What the process remembers of all witnesses."""

SKEW = 300
"""Seconds that a cosignature's time may be from this machine's."""

_TRIES = 3
"""Submissions to one witness in one round: it may answer with another size, and be ahead of that one too."""


def machine_time() -> int:
    """This machine's time. Witnesses are other people's machines: they do not live in a demo's or a replay's time."""
    return int(moment.machine().timestamp())


def _exactly() -> float:
    return moment.machine().timestamp()


Asked = dict[str, float]
"""When, by this machine's clock, the last request was ``sent`` and ``answered``, POSIX seconds."""


@dataclass(slots=True)
class _Target:
    """One URL and the policy's keys there: a witness with two keys stands on two lines and is asked once."""

    url: str
    keys: dict[str, notes.Verifier] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Ask:
    """A worker needs the proof from a size."""

    old: int
    reply: SimpleQueue[Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class _Done:
    """A worker has finished with its target."""

    signatures: Mapping[str, notes.Signature]
    reports: Sequence[Report]


@dataclass(frozen=True)
class Collected:
    """A checkpoint with the cosignatures that came in time.

    ``note`` the checkpoint, log's signatures first; ``quorum`` whether the policy is satisfied; ``reports`` how each
    witness did, by policy name; ``cosigners`` the policy names of those who cosigned.
    """

    note: bytes
    quorum: bool
    reports: Mapping[str, Report]
    cosigners: frozenset[str]
    _round: _Round = field(repr=False, compare=False)

    def more(self, seconds: float) -> Collected:
        """Wait for all others, so long at most, and add what they brought."""
        return self._round.run(time.monotonic() + seconds, stop_at_quorum=False)


def collect(
    checkpoint_note: bytes,
    proof_for: ProofFor,
    policy: Policy,
    timeout: float = 5.0,
    *,
    memory: Memory = MEMORY,
    clock: Seconds = machine_time,
    skew: int | None = SKEW,
) -> Collected:
    """Ask all witnesses of a policy, each in a thread, to cosign a checkpoint.

    Args:
        checkpoint_note: the checkpoint, signed by the log; cosignatures that it has already are kept and count.
        proof_for: consistency proofs to its size; called in this thread only, and only until this (or ``more``)
            returns. What it raises comes out of here.
        policy: whom to ask (witnesses with a URL) and how many are enough; with ``quorum none`` this returns at once.
        timeout: seconds for everything.
        memory: what is remembered from round to round.
        clock, skew: our time, and how far from it a cosignature's may be (None: any).

    Raises:
        NoteError: the checkpoint is malformed, or none of the policy's logs signed it.
    """
    started = _Round(checkpoint_note, proof_for, policy, timeout=timeout, memory=memory, clock=clock, skew=skew)
    return started.run(started.end, stop_at_quorum=True)


class _Round:
    """One checkpoint on its way to all witnesses."""

    def __init__(
        self,
        note: bytes,
        proof_for: ProofFor,
        policy: Policy,
        *,
        timeout: float,
        memory: Memory,
        clock: Seconds,
        skew: int | None,
    ) -> None:
        self.end = time.monotonic() + timeout
        self._policy, self._proof_for, self._memory, self._clock, self._skew = policy, proof_for, memory, clock, skew
        self._keys = {name: verifier_for(party.vkey) for name, party in policy.witnesses.items()}
        self._checkpoint = self._open(note)
        self._text, given = notes.parse(note)
        self._note = note
        self._events: SimpleQueue[_Ask | _Done] = SimpleQueue()
        self._proofs: dict[int, Sequence[bytes]] = {}
        own = {(key.name, key.key_id): name for name, key in self._keys.items()}
        self._others = [s for s in given if (s.name, s.key_id) not in own]
        self._signatures = {own[s.name, s.key_id]: s for s in given if (s.name, s.key_id) in own}
        self._reports = {name: Report(name, party.url, "waiting") for name, party in policy.witnesses.items()}
        self._open_targets = self._start()

    def _open(self, note: bytes) -> Checkpoint:
        logs = [verifier_for(party.vkey) for party in self._policy.logs]
        if not logs:  # the policy leaves the log to us
            return unverified(note)
        return open_checkpoint(note, logs, witnesses=self._keys.values()).checkpoint

    def _start(self) -> int:
        targets: dict[str, _Target] = {}
        for name, party in self._policy.witnesses.items():
            if party.url:
                targets.setdefault(party.url, _Target(party.url)).keys[name] = self._keys[name]
            else:
                self._reports[name] = self._report(name, Fault("no_url", "策略中没有网址", "the policy names no URL"))
                self._memory.note(self._checkpoint.origin, self._reports[name])
        for target in targets.values():
            threading.Thread(target=self._work, args=(target,), daemon=True, name=f"witness {target.url}").start()
        return len(targets)

    def run(self, end: float, *, stop_at_quorum: bool) -> Collected:
        """Serve the workers until all are done, the time is over, or (if so wished) the quorum is met."""
        end = min(end, self.end) if stop_at_quorum else end
        while self._open_targets and not (stop_at_quorum and self._quorum()):
            try:
                event = self._events.get(timeout=max(0.0, end - time.monotonic()))
            except Empty:
                break
            if isinstance(event, _Ask):
                if event.old not in self._proofs:
                    self._proofs[event.old] = list(self._proof_for(event.old))
                event.reply.put(self._proofs[event.old])
            else:
                self._open_targets -= 1
                self._signatures |= event.signatures
                self._reports |= {report.name: report for report in event.reports}
        return self._result()

    def _quorum(self) -> bool:
        return self._policy.satisfied_by(frozenset(self._signatures))

    def _result(self) -> Collected:
        ordered = [self._signatures[name] for name in self._policy.witnesses if name in self._signatures]
        note = notes.format_note(self._text, [*self._others, *ordered])
        reports, cosigners = dict(self._reports), frozenset(self._signatures)
        return Collected(note, self._quorum(), reports, cosigners, self)

    def _work(self, target: _Target) -> None:
        """A thread: everything about one URL."""
        start = time.monotonic()
        fault = Fault("invalid", "没有签名", "it did not sign with this key")
        signatures: Mapping[str, notes.Signature] = {}
        asked: Asked = {}
        try:
            signatures = self._submit(target, asked).signatures
        except Fault as error:
            fault = error
        except PeerError as error:
            fault = Fault("unreachable", f"联系不上（{error}）", f"cannot be reached ({error})")
        except PolicyError as error:
            message = error.reasons[0].message
            fault = Fault("no_url", message.zh, message.en)
        reports = []
        for name in target.keys:
            report = self._good(name, signatures[name], asked) if name in signatures else self._report(name, fault)
            reports.append(replace(report, seconds=time.monotonic() - start))
            self._memory.note(self._checkpoint.origin, reports[-1])
        self._events.put(_Done(signatures, reports))

    def _submit(self, target: _Target, asked: Asked) -> Cosigned:
        peer, size = self._memory.peer(target.url), self._checkpoint.size
        known = self._memory.size(target.url, self._checkpoint.origin)
        old = known or 0
        for _ in range(_TRIES):
            if old > size:
                raise Fault(
                    "ahead", f"见证人已见 {old} 条，本日志只有 {size} 条", f"it has seen {old} entries, we have {size}"
                )
            answer = self._post(peer, old, asked)
            if isinstance(answer, Cosigned):
                if answer.signatures:
                    self._memory.learn(target.url, self._checkpoint.origin, size)
                return answer
            if answer < (known or 0):
                raise Fault("invalid", f"见证人忘了它见过 {known} 条", f"it forgot that it has seen {known} entries")
            self._memory.learn(target.url, self._checkpoint.origin, answer)
            known = old = answer
        raise Fault("busy", "见证人的大小变化太快", "the witness's size keeps changing")

    def _post(self, peer: Peer, old: int, asked: Asked) -> Cosigned | int:
        body = format_request(old, self._proof(old), self._note)
        asked["sent"] = _exactly()
        answer = peer.exchange("POST", "add-checkpoint", body, seconds=self._left(), limit=MAX_ANSWER)
        asked["answered"] = _exactly()
        keys = {n: k for n, k in self._keys.items() if self._policy.witnesses[n].url == peer.url}
        return read_answer(answer, self._text, keys, self._clock(), self._skew)

    def _proof(self, old: int) -> Sequence[bytes]:
        if old in (0, self._checkpoint.size):
            return ()
        ask = _Ask(old, SimpleQueue())
        self._events.put(ask)
        try:
            return ask.reply.get(timeout=self._left())
        except Empty:
            raise Fault(
                "waiting", "本轮已结束，下一轮补上", "the round was over; it will catch up in the next"
            ) from None

    def _left(self) -> float:
        return max(0.0, self.end - time.monotonic())

    def _good(self, name: str, signature: notes.Signature, asked: Asked) -> Report:
        at, size = timestamp_of(signature.blob), self._checkpoint.size
        # It signed between our sending and its answer, within the second that it names.
        bounds = (at - asked["answered"], at + 1 - asked["sent"])
        url = self._policy.witnesses[name].url
        return Report(name, url, "cosigned", size, 0, at, at - self._clock(), bounds=bounds)

    def _report(self, name: str, fault: Fault) -> Report:
        url = self._policy.witnesses[name].url
        size = self._memory.size(url, self._checkpoint.origin)
        lag = None if size is None else self._checkpoint.size - size
        return Report(name, url, fault.state, size, lag, error=fault.text)

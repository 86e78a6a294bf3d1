"""The rules of C2SP tlog-witness: judge a submission, remember it durably, and only then answer."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from yiwang.kernel.errors import YiwangError
from yiwang.tlog import note as notes
from yiwang.tlog.checkpoint import open_checkpoint
from yiwang.tlog.cosignature import Seconds, posix_now
from yiwang.tlog.errors import NoteError, ProofError
from yiwang.tlog.merkle import verify_growth
from yiwang.witness.keys import WitnessKeys
from yiwang.witness.logs import KnownLog
from yiwang.witness.mirror import Mirror, MirrorBehind, MirrorConflict
from yiwang.witness.request import AddCheckpoint, parse_request
from yiwang.witness.source import source_for
from yiwang.witness.state import Head, State, Suspect

PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
TILE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP."""

    status: int
    body: bytes
    kind: str = PLAIN


class Witness:
    """A witness. May be called from many threads, and several processes may share one state file.

    Args:
        keys: its own two keys.
        state: what it has seen.
        logs: the logs it knows, by origin.
        mirrors: the folder for copies; used only when the state says that this witness is a mirror.
        clock: the time that cosignatures state, POSIX seconds.
        patience: the longest that a submission waits for the copy, in seconds.

    Raises:
        PolicyError: a mirror, and a log without a usable URL.
    """

    def __init__(
        self,
        keys: WitnessKeys,
        state: State,
        logs: Mapping[str, KnownLog],
        mirrors: Path,
        *,
        clock: Seconds = posix_now,
        patience: float = 20.0,
    ) -> None:
        self.keys, self.logs = keys, logs
        self._state, self._clock, self._patience = state, clock, patience
        self._hashes = {log.hash: log for log in logs.values()}
        self._mirrors: dict[str, Mirror] = {}
        self._turns = {origin: threading.Lock() for origin in logs}
        if state.mirror:
            self._mirrors = {log.origin: Mirror(mirrors / log.hash, source_for(log.url)) for log in logs.values()}

    def add_checkpoint(self, body: bytes) -> Answer:
        """``POST <submission prefix>/add-checkpoint``."""
        try:
            request = self._accept(body)
            if request.checkpoint.origin in self._mirrors:
                return self._mirror_then_cosign(request, self._mirrors[request.checkpoint.origin])
            return self._judge(request, sign=True)
        except _Refusal as refusal:
            return refusal.answer
        except sqlite3.Error as error:
            return _say(503, f"无法保存：{error}", f"cannot store: {error}")

    def checkpoint(self, origin_hash: str) -> bytes | None:
        """``GET <monitoring prefix>/<origin hash>/checkpoint``: the last cosigned checkpoint, None before the first."""
        log = self._hashes.get(origin_hash)
        return (self._state.head(log.origin).cosigned or None) if log else None

    def tile(self, origin_hash: str, path: str) -> bytes | None:
        """``GET <monitoring prefix>/<origin hash>/tile/...`` of a mirror, within the last cosigned checkpoint."""
        log = self._hashes.get(origin_hash)
        mirror = self._mirrors.get(log.origin) if log else None
        if log is None or mirror is None:
            return None
        return mirror.file(path, self._state.head(log.origin).cosigned_size)

    def _accept(self, body: bytes) -> AddCheckpoint:
        """What can be judged without the state: form, origin, the log's signature, old against new size."""
        try:
            request = parse_request(body)
        except NoteError as error:
            raise _Refusal(_refuse(400, error)) from error
        log = self.logs.get(request.checkpoint.origin)
        if log is None:
            raise _Refusal(_say(404, "不认识这个日志", "unknown log"))
        try:
            _check_signature(log, request)
        except NoteError as error:
            raise _Refusal(_refuse(403, error)) from error
        if request.old > request.checkpoint.size:
            raise _Refusal(_say(400, "old 大于检查点的大小", "old is larger than the checkpoint's size"))
        return request

    def _judge(self, request: AddCheckpoint, *, sign: bool) -> Answer:
        """Check old size and proof, and store: one transaction. Committed before this returns."""
        with self._state.changing(request.checkpoint.origin) as slot:
            head = slot.head
            found = self._suspect(head, request)
            if request.old != head.size:
                answer = Answer(409, b"%d\n" % head.size, SIZE)
            else:
                try:
                    _check_growth(head, request)
                except ProofError as error:
                    answer = _refuse(422, error)
                else:
                    found = None
                    cosignatures = self._sign(request) if sign else []
                    slot.head = self._next(head, request, cosignatures)
                    answer = Answer(200, "".join(s.line() for s in cosignatures).encode())
        if found is not None and (found.kind == "fork" or answer.status == 422):
            self._state.suspect(found)
        return answer

    def _mirror_then_cosign(self, request: AddCheckpoint, mirror: Mirror) -> Answer:
        """Hold to the checkpoint first, copy then, cosign last: so no other tree can come in between, even a crash."""
        turn = self._turns[request.checkpoint.origin]
        if not turn.acquire(timeout=self._patience):
            return _say(503, "正在抄录，请稍后再来", "still copying for an earlier request")
        try:
            answer = self._judge(request, sign=False)
            return self._copy(request, mirror) if answer.status == 200 else answer
        finally:
            turn.release()

    def _copy(self, request: AddCheckpoint, mirror: Mirror) -> Answer:
        try:
            mirror.catch_up(request.checkpoint, self._patience)
            answer, note = self._cosign_held(request)
            if note:
                mirror.publish(note)
        except MirrorBehind as error:
            return _say(503, f"副本尚未抄完：{error}", f"the copy is not complete yet: {error}")
        except (MirrorConflict, YiwangError) as error:
            return _say(422, f"条目与检查点不符：{error}", f"the entries do not fit the checkpoint: {error}")
        return answer

    def _cosign_held(self, request: AddCheckpoint) -> tuple[Answer, bytes]:
        with self._state.changing(request.checkpoint.origin) as slot:
            head = slot.head
            if (head.size, head.root) != (request.checkpoint.size, request.checkpoint.root):
                return Answer(409, b"%d\n" % head.size, SIZE), b""  # another process went on meanwhile
            cosignatures = self._sign(request)
            slot.head = self._next(head, request, cosignatures)
        return Answer(200, "".join(s.line() for s in cosignatures).encode()), slot.head.cosigned

    def _sign(self, request: AddCheckpoint) -> list[notes.Signature]:
        """Our cosignatures. They leave this process only after the commit."""
        signers = self.keys.cosigners(self._clock)
        return [notes.Signature(key.name, key.key_id, key.sign(request.text)) for key in signers]

    def _next(self, head: Head, request: AddCheckpoint, cosignatures: Sequence[notes.Signature]) -> Head:
        checkpoint, log = request.checkpoint, self.logs[request.checkpoint.origin]
        known = {(key.name, key.key_id) for key in log.verifiers}
        own = [s for s in notes.parse(request.note)[1] if (s.name, s.key_id) in known]
        held = replace(head, size=checkpoint.size, root=checkpoint.root, note=notes.format_note(request.text, own))
        if not cosignatures:
            return held
        cosigned = notes.format_note(request.text, [*own, *cosignatures])
        return replace(held, cosigned=cosigned, cosigned_size=checkpoint.size, at=self._clock())

    def _suspect(self, head: Head, request: AddCheckpoint) -> Suspect | None:
        """What a refused submission shows: the same size with another root is proof, a bad proof a suspicion."""
        new = request.checkpoint
        fork = (new.size == head.size and new.root != head.root) or not request.empty_root
        return Suspect(new.origin, "fork" if fork else "proof", new.size, new.root, request.note, self._clock())


class _Refusal(Exception):
    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def open_witness(folder: Path, logs: Mapping[str, KnownLog], *, clock: Seconds = posix_now) -> Witness:
    """The witness whose keys, state and copies are in a folder.

    Raises:
        KeyFileError, Refused, PolicyError: keys or state missing or unfit; a mirror without the log's URL.
    """
    return Witness(WitnessKeys.load(folder), State(folder), logs, folder / "mirror", clock=clock)


def _check_signature(log: KnownLog, request: AddCheckpoint) -> None:
    keys = log.verifiers
    if request.empty_root:
        open_checkpoint(request.note, keys)
        return
    # A checkpoint that no key of type 0x06 can sign: only plain Ed25519 can tell whether it is the log's.
    notes.open(request.note, [key for key in keys if isinstance(key, notes.Ed25519Verifier)])


def _check_growth(head: Head, request: AddCheckpoint) -> None:
    if not request.empty_root:
        raise ProofError("空树的根不对", "not the root of the empty tree")
    new = request.checkpoint
    verify_growth(head.size, new.size, head.root, new.root, request.proof)


def _refuse(status: int, error: YiwangError) -> Answer:
    message = error.reasons[0].message
    return _say(status, message.zh, message.en)


def _say(status: int, zh: str, en: str) -> Answer:
    return Answer(status, f"{en}\n{zh}\n".encode())

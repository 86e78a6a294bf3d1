"""Judging what a witness answered: nothing of it is used before it was checked against the policy's keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.kernel.text import Text
from yiwang.tlog import note as notes
from yiwang.tlog.checkpoint import parse_decimal
from yiwang.tlog.cosignature import timestamp_of
from yiwang.tlog.errors import NoteError
from yiwang.witness.memory import State
from yiwang.witness.peer import Answer

MAX_ANSWER = 100_000
"""Longest answer that is read, in bytes: 16 ML-DSA-44 cosignatures and room to spare."""

_SIZE = "text/x.tlog.size"


class Fault(Exception):
    """The witness did not cosign; ``state`` says in which way."""

    def __init__(self, state: State, zh: str, en: str) -> None:
        super().__init__(en)
        self.state: State = state
        self.text = Text(zh, en)


@dataclass(frozen=True, slots=True)
class Cosigned:
    """Checked cosignatures by policy name."""

    signatures: Mapping[str, notes.Signature]


def read_answer(
    answer: Answer, text: bytes, keys: Mapping[str, notes.Verifier], now: int, skew: int | None
) -> Cosigned | int:
    """The checked cosignatures (200), or the size that the witness holds instead (409).

    Args:
        answer: the HTTP answer.
        text: the note text that was submitted.
        keys: the keys that the policy has for this witness, by policy name.
        now: our machine's time, POSIX seconds.
        skew: how far, in seconds, the cosignature's time may be from ours; None for any.

    Raises:
        Fault: anything else, with its state.
    """
    if answer.status == 200:
        return _cosignatures(answer.body, text, keys, now, skew)
    if answer.status == 409 and answer.kind.split(";")[0].strip() == _SIZE:
        return _size(answer.body)
    raise _fault(answer)


def _cosignatures(body: bytes, text: bytes, keys: Mapping[str, notes.Verifier], now: int, skew: int | None) -> Cosigned:
    try:
        opened = notes.open(text + b"\n" + body, keys.values())
    except NoteError as error:
        message = error.reasons[0].message
        raise Fault("invalid", f"见证签名无效：{message.zh}", f"not a valid cosignature: {message.en}") from None
    if opened.text != text:  # an answer with an empty line in it moves the border between text and signatures
        raise Fault("invalid", "答复里混入了正文", "the answer has text before its signatures")
    by_key = {(s.name, s.key_id): s for s in opened.verified}
    found = {name: by_key[key.name, key.key_id] for name, key in keys.items() if (key.name, key.key_id) in by_key}
    for name, signature in found.items():
        drift = timestamp_of(signature.blob) - now
        if skew is not None and abs(drift) > skew:
            raise Fault("invalid", f"{name} 的时间与本机相差 {drift} 秒", f"the time of {name} is {drift} s from ours")
    return Cosigned(found)


def _size(body: bytes) -> int:
    try:
        return parse_decimal(body.decode("ascii").removesuffix("\n"), "size")
    except (UnicodeDecodeError, NoteError):
        raise Fault("invalid", "409 答复中没有大小", "a 409 answer without a size") from None


def _fault(answer: Answer) -> Fault:
    said = _first_line(answer.body)
    states: dict[int, tuple[State, str, str]] = {
        404: ("refused", "不认识本日志", "it does not know this log"),
        403: ("refused", "不认可本日志的密钥", "it does not trust this log's keys"),
        409: ("forked", "同样大小，另一个根", "another root at the same size"),
        422: ("forked", "一致性证明未通过", "the consistency proof does not hold for it"),
    }
    state, zh, en = states.get(answer.status, ("invalid", "答复不合协议", "an answer outside the protocol"))
    if answer.status in (408, 429) or answer.status >= 500:
        state, zh, en = "busy", "暂时不能见证", "it cannot cosign now"
    return Fault(state, f"{zh}（{answer.status} {said}）", f"{en} ({answer.status} {said})")


def _first_line(body: bytes) -> str:
    """What the witness says, fit to be shown: one line, 120 characters, nothing but printable ones."""
    line = body[:600].decode("utf-8", "replace").partition("\n")[0]
    return "".join(c for c in line if c.isprintable())[:120]

"""Checking a signed refusal of a late bid: who signed it, and what it proves. Offline, like everything here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.moment import LOCAL, stamp
from yiwang.kernel.text import Text
from yiwang.seal import refusal as refusals
from yiwang.seal.refusal import Refusal
from yiwang.tlog import note as notes
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.policy import Policy
from yiwang.verifier.report import FAILED, OK, Line
from yiwang.verifier.run import Unreadable
from yiwang.verifier.safe import visible

SIGNED = (
    Text("日志的密钥签了这份拒收回执", "the log's key signed this refusal"),
    Text("由公钥核对签名（C2SP signed-note，Ed25519）", "from the key: the signature (C2SP signed-note, Ed25519)"),
)
LATE = (
    Text("确在截止之后送达", "it came after the deadline"),
    Text("由回执所载的送达时刻与截止时刻比较", "from the moments of arrival and deadline in it"),
)
OWN_KEY = Text(
    "签名所用的公钥取自回执本身：请与交易中心公布的公钥（/log/）比对，或用 --policy 指定您信任的策略。",
    "that the key is the center's: it was taken from the refusal; compare it with the published one (/log/), or give --policy",
)
CLOCK = Text(
    "中心的时钟是准的：送达时刻由中心写明。见证人的时钟公布在 /log/witnesses/，与两家以上相差超过 2 秒时中心不能截标，也不以迟到为由拒收。",
    "that the center's clock was right: it wrote the moment. The witnesses' clocks are public at /log/witnesses/; while two of them"
    " are more than 2 s away from it, the center can neither close bidding nor refuse a bid as late",
)
NOT_STORED = Text(
    "中心不保存拒收回执，日志里也没有；这个文件就是唯一的凭据，请妥善保管。",
    "that there is another copy: the center keeps none and the log does not tell; this file is the only one, so keep it",
)


@dataclass(frozen=True, slots=True)
class RefusalReport:
    """What a check of a refusal found; ``refusal`` is None when it cannot be read or is not signed."""

    refusal: Refusal | None
    lines: tuple[Line, ...]
    trust: tuple[Text, ...]

    @property
    def ok(self) -> bool:
        """Whether the file proves what it says."""
        return all(line.status == OK for line in self.lines)

    def proves(self) -> Text:
        """In a sentence or two, what the file proves; says so when it proves nothing."""
        if self.refusal is None:
            return Text("这份文件什么也不证明。", "This file proves nothing.")
        if not self.ok:
            return Text(
                "日志签了一份自相矛盾的拒收回执：所载送达时刻早于截止时刻。请交给行政监督部门。",
                "The log signed a refusal that contradicts itself: by its own words it came before the deadline. Hand it to the"
                " supervisor.",
            )
        return _proves(self.refusal)

    def json(self) -> dict[str, Any]:
        """For ``--json``."""
        said = self.refusal
        facts = said and {
            "act": said.act, "tender": said.tender, "lot": said.lot, "tenderer": said.tenderer, "envelope": said.envelope,
            "received": stamp(said.received), "deadline": stamp(said.deadline), "closing": said.closing,
            "checkpoint": said.seen and {"origin": said.seen.origin, "size": said.seen.size, "root": said.seen.root.hex()},
            "key": said.key,
        }  # fmt: skip
        rows = [
            {"id": each.id, "status": each.status, "title": _both(each.title), "recomputed": _both(each.basis),
             "details": [_both(detail) for detail in each.details]}
            for each in self.lines
        ]  # fmt: skip
        return {"ok": self.ok, "refusal": facts, "proves": _both(self.proves()), "checks": rows,
                "trust": [_both(text) for text in self.trust]}  # fmt: skip

    def plain(self) -> str:
        """For people."""
        out = [str(self.proves())]
        for each in self.lines:
            out += [f"{'✓' if each.status == OK else '✗'} {each.title}", f"    {each.basis}"]
            out += [f"    {detail}" for detail in each.details]
        out += [str(Text("仍需信任：", "What remains a matter of trust:")), *(f"  - {text}" for text in self.trust)]
        return "\n".join(map(visible, out)) + "\n"


def verify_refusal(path: Path | str, policy: Policy | None = None) -> RefusalReport:
    """Check a signed refusal.

    Args:
        policy: whose keys the reader trusts; None: the key that stands in the file.

    Raises:
        Unreadable: no such file, or not a refusal at all.
    """
    try:
        note = Path(path).read_bytes()[: notes.MAX_NOTE + 1]
    except OSError as error:
        raise Unreadable(f"无法读取（{error.strerror}）", f"cannot be read ({error.strerror})") from None
    if not refusals.is_refusal(note):
        raise Unreadable("这不是拒收回执", "this is not a signed refusal")
    return check(note, policy)


def check(note: bytes, policy: Policy | None = None) -> RefusalReport:
    """The same of the file's bytes."""
    trust = (*(() if policy else (OWN_KEY,)), CLOCK, NOT_STORED)
    try:
        said = refusals.parse(notes.parse(note)[0])
        keys = [party.vkey for party in policy.logs] if policy else [notes.parse_vkey(said.key)]
        opened = notes.open(note, map(verifier_for, keys))
    except YiwangError as error:
        return RefusalReport(None, (Line("signed", *SIGNED, FAILED, (error.reasons[0].message,)),), trust)
    names = ", ".join(dict.fromkeys(signature.name for signature in opened.verified))
    signed = Line("signed", *SIGNED, OK, (Text(names, names),))
    return RefusalReport(said, (signed, Line("late", *LATE, OK if said.late else FAILED, (_moments(said),))), trust)


def _proves(said: Refusal) -> Text:
    envelope_zh = f"（密封文件 SHA-256 {said.envelope}）" if said.envelope else ""
    envelope_en = f" (sealed file with SHA-256 {said.envelope})" if said.envelope else ""
    lot_zh, lot_en = (f"标段 {said.lot} ", f" lot {said.lot}") if said.lot else ("", "")
    closed_zh = f"此前投标已由日志第 {said.closing} 号条目截止。" if said.closing is not None else ""
    closed_en = f" Bidding had been closed by entry {said.closing} of the log." if said.closing is not None else ""
    return Text(
        f"统一社会信用代码为 {said.tenderer} 的单位向项目 {said.tender} {lot_zh}投标{envelope_zh}，{_local(said.received)} "
        f"送达，晚于截止时刻 {_local(said.deadline)}，被中心拒收。{closed_zh}中心不能否认收到过，也不能改说别的时刻。",
        f"The center refused a bid of the organisation {said.tenderer} for tender {said.tender}{lot_en}{envelope_en}: it came at "
        f"{_local(said.received)}, after the deadline {_local(said.deadline)} (Beijing time).{closed_en} The center cannot deny that "
        "it came, nor name another moment later.",
    )


def _moments(said: Refusal) -> Text:
    seconds = int((said.received - said.deadline).total_seconds())
    return Text(f"晚 {seconds} 秒", f"{seconds} s late") if said.late else Text(f"早 {-seconds} 秒", f"{-seconds} s early")


def _local(at: Any) -> str:
    return str(at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S"))


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}

"""Check that closing, opening, draw and award went on only once witnesses had seen what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.moment import stamp
from yiwang.kernel.text import Text
from yiwang.seal.shapes import from_base64
from yiwang.tlog.checkpoint import SignedCheckpoint
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.merkle import verify_consistency
from yiwang.tlog.policy import NONE
from yiwang.verifier.dossier import CHECKPOINT, VKEYS, WITNESSED, Act, Dossier, Hidden
from yiwang.verifier.report import Outcome, later, outcome
from yiwang.verifier.trust import Fault
from yiwang.verifier.witnesses import DOSSIER, by_reader, standing

WAITS = (
    "opening.close",
    "opening.release_key",
    "opening.open",
    "draw.freeze_list",
    "draw.commit",
    "draw.reveal",
    "draw.seat",
    "award.decide",
    "award.notify",
    "admission.decide",
)
"""Acts that wait until the quorum has cosigned a checkpoint over every earlier act of the tender."""


def rests_on(acts: Iterable[Act], hidden: Iterable[Hidden], chain: str) -> Iterator[tuple[Act, int]]:
    """Each disclosed act that waits, with the log index that the witnessed checkpoint must hold: of the last act before it."""
    listed = list(acts)
    own = [act for act in listed if act.subject == chain]
    places = sorted([*(act.index for act in own), *(each.index for each in hidden)])
    bids = [act.index for act in listed if act.name in ("bid.submit", "bid.commit")]
    bytes_ = [act.index for act in listed if act.name == "bid.deliver"]
    for act in own:
        if act.name in WAITS:
            before = [place for place in places if place < act.index]
            if act.name == "opening.close":
                before += [index for index in bids if index < act.index]
            if act.name == "opening.release_key":
                before += [index for index in bytes_ if index < act.index]
            if before:
                yield act, max(before)


def noted(dossier: Dossier) -> dict[int, SignedCheckpoint]:
    """The earlier checkpoints of the dossier by size, each signed by the log and of this very log.

    Raises:
        Fault: one is not.
    """
    found = {}
    for name in sorted(dossier.archive.entries):
        if name.startswith(WITNESSED):
            signed = dossier.trusted.open(name, dossier.archive.read(name), earlier=True)
            head = signed.checkpoint
            if name != f"{WITNESSED}{head.size}":
                raise Fault(name, "名称与检查点的大小不符", "is not named by its size")
            try:
                path = [from_base64(value, "hash", size=32) for value in dossier.proofs["consistency"][str(head.size)]]
                verify_consistency(head.size, dossier.checkpoint.size, head.root, dossier.checkpoint.root, path)
            except (YiwangError, ValueError, KeyError, TypeError) as error:
                raise Fault(
                    name, f"不是本日志的较早状态（{error}）", f"is no earlier state of this log ({error})"
                ) from None
            found[head.size] = signed
    _no_idle_key(dossier, found.values())
    return found


def _no_idle_key(dossier: Dossier, earlier: Iterable[SignedCheckpoint]) -> None:
    """Every key of ``log.vkeys`` signed a checkpoint that is here. Fault otherwise."""
    newest = dossier.trusted.open(CHECKPOINT, dossier.archive.read(CHECKPOINT))
    used = [signed.note for signed in (newest, *earlier)]
    for key in dossier.trusted.keys:
        if not any(note.signed_by(verifier_for(key)) for note in used):
            raise Fault(VKEYS, f"{key.name} 的一把公钥没有用到", f"a key of {key.name} is not used here")


def witnessed(dossier: Dossier) -> Outcome:
    """Every act that waits had a cosigned checkpoint over all that it rests on, before it got its place in the log.

    Acts from before there were witnesses have none: that is told. Once one act was witnessed, a later one that is not fails.
    """
    try:
        notes = noted(dossier)
    except Fault as fault:
        return outcome([fault.text], Text("", ""))
    own = dossier.trusted.policy
    if own.quorum == NONE:
        extra = [
            Text(
                f"{WITNESSED} 里有检查点，而策略没有见证人",
                f"{WITNESSED} holds checkpoints, but the policy has no witnesses",
            )
        ]
        return (
            outcome(extra, Text("", ""))
            if notes
            else later("本包的策略没有见证人", "the dossier's policy has no witnesses")
        )
    good = [size for size, signed in sorted(notes.items()) if standing(signed, own, DOSSIER).met]
    dossier.scratch["cosigned"] = {size: notes[size].checkpoint.root for size in good}
    waiting = list(rests_on(dossier.acts, dossier.hidden, dossier.chain))
    covered = {act.index: next((size for size in good if index < size <= act.index), None) for act, index in waiting}
    used = {size for size in covered.values() if size is not None}
    faults = [
        Text(f"{WITNESSED}{size} 没有任何行为需要", f"no act needs {WITNESSED}{size}")
        for size in notes
        if size not in used
    ]
    if not waiting:
        return (
            outcome(faults, Text("", ""))
            if faults
            else later("还没有需要等待见证的行为", "no act that waits for witnesses yet")
        )
    faults += _gaps([act for act, _ in waiting], covered)
    return outcome(faults, _fine(dossier, notes, [act for act, _ in waiting], covered))


def _gaps(waiting: list[Act], covered: dict[int, int | None]) -> Iterator[Text]:
    begun = False
    for act in waiting:
        if covered[act.index] is not None:
            begun = True
        elif begun:
            yield Text(f"{act}：没有等到见证人签名就办理了", f"{act}: went on without waiting for the witnesses")


def _fine(
    dossier: Dossier, notes: dict[int, SignedCheckpoint], waiting: list[Act], covered: dict[int, int | None]
) -> Text:
    done = [act for act in waiting if covered[act.index] is not None]
    zh = f"{len(waiting)} 个须等待见证的行为，{len(done)} 个在见证之后办理"
    en = f"{len(done)} of {len(waiting)} acts that wait for witnesses went on after a cosigned checkpoint"
    if len(done) < len(waiting):
        zh, en = zh + "，其余办理时还没有见证记录", en + "; there is no record of witnesses from the time of the others"
    close = next((act for act in done if act.name in ("opening.release_key", "opening.open")), None)
    size = covered[close.index] if close else None
    if size is not None:
        times = [
            each.cosigned for each in standing(notes[size], dossier.trusted.policy, DOSSIER).witnesses if each.cosigned
        ]
        zh += f"；截止条目最迟于 {stamp(max(times))} 已有见证"
        en += f"; the closing entry was witnessed by {stamp(max(times))}"
    if dossier.reader is not None:
        sizes = _by_reader(dossier, notes)
        count = sum(covered[act.index] in sizes for act in waiting)
        zh, en = zh + f"；按您的策略 {count} 个", en + f"; by your policy {count}"
    return Text(zh, en)


def _by_reader(dossier: Dossier, notes: Iterable[int]) -> set[int]:
    """Sizes of the checkpoints that satisfy the reader's policy; each is opened anew by the reader's own keys."""
    found = set()
    for size in notes:
        with suppress(Fault):
            if dossier.reader and by_reader(dossier.archive.read(f"{WITNESSED}{size}"), dossier.reader).met:
                found.add(size)
    return found

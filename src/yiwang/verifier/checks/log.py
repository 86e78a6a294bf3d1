"""Checks against the log: the checkpoint's signatures, every entry under its root, the chains of acts, their order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import pairwise

from cryptography.hazmat.primitives import hashes

from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.seal.shapes import ShapeError, from_base64
from yiwang.tlog.merkle import leaf_hash, verify_inclusion
from yiwang.verifier.dossier import Act, Dossier, Hidden
from yiwang.verifier.report import Outcome, later, outcome

ORDER = (
    "tender.enter",
    "tender.publish",
    "tender.invite",
    "opening.close",
    "opening.open",
    "draw.freeze_list",
    "draw.seat",
    "draw.carry",
    "negotiation.close",
    "negotiation.settle",
    "evaluation.conclude",
    "admission.decide",
    "candidates.publicise",
    "award.decide",
    "award.notify",
    "contract.register",
    "tender.archive",
)
"""Acts that happen once in a tender's life, in this order."""
BETWEEN = (
    ("custody.replace", "tender.enter", "tender.publish"),
    ("custody.provide_key", "tender.enter", "tender.publish"),
    ("custody.refuse", "tender.enter", "opening.open"),
    ("tender.attach_document", "tender.enter", "tender.publish"),
    ("clarification.answer", "tender.publish", "opening.close"),
    ("deadline.follow", "tender.publish", "opening.close"),
    ("opening.release_key", "opening.close", "opening.open"),
    ("opening.confirm", "opening.open", "draw.freeze_list"),
    ("draw.commit", "draw.freeze_list", "draw.seat"),
    ("draw.reveal", "draw.freeze_list", "draw.seat"),
    ("draw.forfeit", "draw.freeze_list", "draw.seat"),
    ("draw.decline", "draw.seat", "evaluation.conclude"),
    ("evaluation.declare", "draw.seat", "evaluation.conclude"),
    ("evaluation.submit_sheet", "draw.seat", "evaluation.conclude"),
    ("evaluation.sign_report", "evaluation.conclude", "candidates.publicise"),
    ("contract.sign", "award.notify", "contract.register"),
    ("coefficient.commit", "opening.open", "draw.seat"),
    ("coefficient.reveal", "opening.open", "draw.seat"),
    ("coefficient.commit", "opening.open", "draw.carry"),
    ("coefficient.reveal", "opening.open", "draw.carry"),
    ("coefficient.forfeit", "opening.open", "draw.seat"),
    ("coefficient.forfeit", "opening.open", "draw.carry"),
    ("evaluation.correct_sheet", "evaluation.submit_sheet", "evaluation.conclude"),
    ("evaluation.correct_price", "evaluation.declare", "evaluation.conclude"),
    ("evaluation.quantify", "evaluation.declare", "evaluation.conclude"),
    ("evaluation.vote_price", "evaluation.declare", "evaluation.conclude"),
    ("evaluation.confirm_price", "evaluation.vote_price", "evaluation.conclude"),
    ("evaluation.ask_price", "evaluation.declare", "evaluation.conclude"),
    ("evaluation.explain_price", "evaluation.ask_price", "evaluation.conclude"),
    ("evaluation.judge_price", "evaluation.ask_price", "evaluation.conclude"),
    ("award.seat", "evaluation.conclude", "award.decide"),
    ("award.vote", "award.seat", "award.decide"),
    ("award.commit_lots", "award.seat", "award.decide"),
    ("award.reveal_lots", "award.seat", "award.decide"),
    ("award.forfeit_lots", "award.seat", "award.decide"),
    ("custody.replace", "tender.enter", "tender.invite"),
    ("custody.provide_key", "tender.enter", "tender.invite"),
    ("tender.attach_document", "tender.enter", "tender.invite"),
    ("clarification.answer", "tender.invite", "opening.close"),
    ("opening.confirm", "opening.open", "draw.carry"),
    ("draw.decline", "draw.carry", "evaluation.conclude"),
    ("evaluation.declare", "draw.carry", "evaluation.conclude"),
    ("evaluation.submit_sheet", "draw.carry", "evaluation.conclude"),
    ("evaluation.sign_report", "evaluation.conclude", "admission.decide"),
    ("negotiation.talk", "draw.seat", "negotiation.close"),
    ("negotiation.change", "draw.seat", "negotiation.close"),
    ("opening.confirm", "opening.open", "negotiation.settle"),
    ("source.publicise", "tender.enter", "tender.invite"),
    ("source.answer", "source.publicise", "tender.invite"),
    ("framework.choose", "tender.enter", "tender.invite"),
    ("invitees.list", "tender.enter", "tender.invite"),
    ("invitees.commit", "tender.enter", "tender.invite"),
    ("invitees.reveal", "tender.enter", "tender.invite"),
    ("invitees.forfeit", "tender.enter", "tender.invite"),
)
"""Acts that may happen several times, and between which two of :data:`ORDER`."""
EARLIER = (
    "admission.decide", "draw.freeze_list", "draw.commit", "draw.reveal", "draw.forfeit", "draw.seat", "draw.decline", "framework.review",
    "tender.fail", "tender.terminate",
)  # fmt: skip
"""Acts of the earlier round of a chain that a later round rests on: whom it admitted, who sits in the committee, how it ended."""


def commit(salt: bytes, content: bytes) -> bytes:
    """The log entry of an act: ``SHA-256(salt || content) || SM3(salt || content)``."""
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(salt + content)
    return hashlib.sha256(salt + content).digest() + sm3.finalize()


def entries(dossier: Dossier) -> Outcome:
    """Each disclosed act is what its entry commits to; each entry stands in the log."""
    faults = list(_wrong_commitments(dossier))
    paths = dossier.proofs["inclusion"]
    every: list[Act | Hidden] = [*dossier.acts, *dossier.hidden]
    for index in sorted(paths.keys() - {str(item.index) for item in every}):
        faults.append(
            Text(
                f"proofs.json 多出 {index} 号条目的证明", f"proofs.json holds a proof of entry {index} that is not here"
            )
        )
    for item in every:
        name = str(item) if isinstance(item, Act) else f"{dossier.chain} (hidden)"
        try:
            proof = [from_base64(value, "hash", size=32) for value in paths[str(item.index)]]
            leaf = leaf_hash(bytes.fromhex(item.entry))
            verify_inclusion(item.index, dossier.checkpoint.size, leaf, proof, dossier.checkpoint.root)
        except (YiwangError, ShapeError, KeyError, TypeError) as error:
            faults.append(Text(f"{name}：日志第 {item.index} 号没有这个条目（{error}）",
                               f"{name}: entry {item.index} of the log is another ({error})"))  # fmt: skip
    fine = Text(f"{len(dossier.acts)} 个行为和 {len(dossier.hidden)} 个未公开条目都在 {dossier.checkpoint.size} 条的日志中",
                f"{len(dossier.acts)} acts and {len(dossier.hidden)} undisclosed entries are in the log of {dossier.checkpoint.size}")  # fmt: skip
    return outcome(faults, fine)


def _wrong_commitments(dossier: Dossier) -> Iterator[Text]:
    for act in dossier.acts:
        if commit(bytes.fromhex(act.salt), act.canonical).hex() != act.entry:
            yield Text(f"{act}：内容或盐值与日志条目不符", f"{act}: content or salt do not give its log entry")


def private_parts(dossier: Dossier) -> Outcome:
    """Each private part is what its act has the salted digest of."""
    shown = [act for act in dossier.acts if act.private is not None]
    if not shown:
        return later("本包不含非公开部分", "this dossier holds no private parts")
    faults = []
    for act in shown:
        found = hashlib.sha256(bytes.fromhex(act.private_salt) + canonical(act.private)).hexdigest()
        if found != act.content["private_digest"]:
            faults.append(Text(f"{act}：非公开部分与摘要不符", f"{act}: its private part does not give the digest"))
    return outcome(faults, Text(f"{len(shown)} 个非公开部分相符", f"{len(shown)} private parts agree"))


def chains(dossier: Dossier) -> Outcome:
    """The tender's acts are complete in sequence; acts of other chains fit where two of one chain are here."""
    faults: list[Text] = []
    for act in dossier.acts:
        kind = act.subject.split("/")[0]
        earlier = act.subject == f"tender/{dossier.facts.get('stage_of', '')}" and act.name in EARLIER
        if act.subject != dossier.chain and kind not in ("bid", "person", "organisation") and not earlier:
            faults.append(Text(f"{act}：不属于本项目", f"{act}: is not of this tender"))
    own = [act for act in dossier.acts if act.subject == dossier.chain]
    faults += _tender_chain(own, dossier.hidden)
    for act, before in _pairs(dossier):
        if before.entry != act.content["prev"] or before.index >= act.index:
            faults.append(Text(f"{act}：与前一行为不相连", f"{act}: does not follow the act before"))
    fine = Text(f"序号 0 至 {own[-1].seq} 连续，其中 {len(dossier.hidden)} 个依法尚未公开" if own else "没有已公开的行为",
                f"numbers 0 to {own[-1].seq} are complete; {len(dossier.hidden)} of them are not public" if own else "no act is public")  # fmt: skip
    return outcome(faults, fine)


def _pairs(dossier: Dossier) -> Iterator[tuple[Act, Act]]:
    """Acts of chains other than the tender's, each with the one before it where both are here."""
    known = {(act.subject, act.seq): act for act in dossier.acts if act.subject != dossier.chain}
    for (subject, seq), act in known.items():
        if (subject, seq - 1) in known:
            yield act, known[(subject, seq - 1)]


def _tender_chain(own: list[Act], hidden: list[Hidden]) -> Iterator[Text]:
    """Walk down the sequence; gaps are filled by the hidden entries in the order of the log."""
    rest, before, seq = list(hidden), "", 0
    for act in own:
        while seq < act.seq and rest:
            before, seq = rest.pop(0).entry, seq + 1
        if act.seq != seq:
            yield Text(f"{act}：序号应为 {seq}", f"{act}: its number should be {seq}")
        elif act.content["prev"] != before:
            yield Text(f"{act}：与第 {seq - 1} 号行为不相连", f"{act}: does not follow number {seq - 1}")
        before, seq = act.entry, act.seq + 1
    if rest:
        yield Text(f"多出 {len(rest)} 个未公开条目", f"{len(rest)} undisclosed entries are too many")


def order(dossier: Dossier) -> Outcome:
    """Acts happen in the order that the procedure asks for, and time does not run back."""
    own = [act for act in dossier.acts if act.subject == dossier.chain]
    if not own:
        return later("没有已公开的行为", "no act is public")
    faults = [Text(f"{act}：时间早于前一行为", f"{act}: is dated before the act before it")
              for before, act in pairwise(own) if act.at < before.at]  # fmt: skip
    places: dict[str, list[int]] = {}
    for act in own:
        places.setdefault(act.name, []).append(act.seq)
    faults += [Text(f"{name} 出现 {len(places[name])} 次", f"{name} stands {len(places[name])} times")
               for name in ORDER if len(places.get(name, [])) > 1]  # fmt: skip
    once = [(name, places[name][0]) for name in ORDER if name in places]
    faults += [Text(f"{second} 先于 {first}", f"{second} comes before {first}")
               for (first, one), (second, two) in pairwise(once) if two < one]  # fmt: skip
    for name, first, last in BETWEEN:
        for seq in places.get(name, []):
            if seq < places.get(first, [seq])[0] or seq > places.get(last, [seq])[0]:
                faults.append(
                    Text(
                        f"第 {seq} 号 {name} 不在 {first} 与 {last} 之间",
                        f"number {seq}, {name}, is not between {first} and {last}",
                    )
                )
    faults += _after_the_end(own)
    return outcome(faults, Text(f"{len(own)} 个行为次序正确", f"{len(own)} acts are in order"))


def _after_the_end(own: list[Act]) -> Iterator[Text]:
    """A tender that failed or was terminated ends there: only the archive, and answers to objections, come after."""
    ended = next((act for act in own if act.name in ("tender.fail", "tender.terminate")), None)
    for act in own:
        if ended and act.seq > ended.seq and act.name in (*ORDER[:-1], *(name for name, _, _ in BETWEEN)):
            yield Text(f"{act}：在项目结束（{ended}）之后", f"{act}: comes after the tender had ended ({ended})")


def archived(dossier: Dossier) -> Outcome:
    """The archive's list of entries is that of the tender's acts."""
    act = dossier.last("tender.archive")
    if act is None:
        return later("尚未归档", "not archived yet")
    listed = act.public["acts"]
    found = sorted([*((item.index, item.entry) for item in dossier.acts if item.subject == dossier.chain and item.seq < act.seq),
                    *((item.index, item.entry) for item in dossier.hidden)])  # fmt: skip
    if listed != [entry for _, entry in found]:
        return outcome(
            [Text("归档清单与案卷中的行为不符", "the archive's list is not that of the acts here")], Text("", "")
        )
    return outcome(
        [], Text(f"归档清单的 {len(listed)} 个条目齐全", f"all {len(listed)} entries of the archive's list are here")
    )

"""The opening done again from the dossier alone: what each sealed bid says, whether it counts, and why not.

The center comes to the same verdicts in :mod:`yiwang.modules.openings.judging`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from yiwang.kernel import evaluation_facts
from yiwang.kernel.text import Text
from yiwang.seal.causes import Cause, SealError, tenderers
from yiwang.seal.joint import bidding_twice
from yiwang.seal.manifest import Context, Custodians, Manifest
from yiwang.seal.opening import Expected, Opened, open_envelope
from yiwang.verifier.checks import admission
from yiwang.verifier.dossier import BIDS, Act, Dossier

Row = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What opening a bid again comes to; ``joint``: the members whose consent is proven, as the record lists them."""

    bid: Row
    manifest: Manifest | None = None
    joint: list[Row] = field(default_factory=list)
    error: SealError | None = None


def faults(dossier: Dossier, record: Row, keys: dict[int, str], custodians: Custodians, opened: Act) -> Iterator[Text]:
    """Where the opening record differs from what the sealed bids give when they are opened again."""
    found = []
    for bid in record["bids"]:
        if BIDS + bid["envelope_sha256"] in dossier.archive.entries:
            found.append(_reopened(dossier, bid, keys, opened))
            continue
        # A sealed file that the center lost cannot be opened again; who handed it in has bid all the same.
        found.append(Verdict(bid))
        if (bid["fault"] or {}).get("whose") != "center":
            yield Text(f"{bid['bid']}：缺少密封文件", f"{bid['bid']}: the sealed file is missing")
    twice = bidding_twice((each.bid["bid"], (each.bid["lot"], each.bid["round"]), _firms(each)) for each in found)
    for each in found:
        if BIDS + each.bid["envelope_sha256"] in dossier.archive.entries:
            yield from _compared(dossier, replace(each, error=each.error or twice.get(each.bid["bid"])), custodians)


def _firms(found: Verdict) -> list[str]:
    return [found.bid["tenderer"], *(member["tenderer"] for member in found.joint[1:])]


def _reopened(dossier: Dossier, bid: Row, keys: dict[int, str], opened: Act) -> Verdict:
    expected = Expected(Context(dossier.tender, bid["lot"], bid["round"]), bid["tenderer"], bid["envelope_sha256"])
    try:
        with open_envelope(dossier.archive.open(BIDS + bid["envelope_sha256"]), keys, expected=expected) as found:
            return _judged(dossier, bid, found, opened)
    except SealError as error:
        return Verdict(bid, error=error)


def _judged(dossier: Dossier, bid: Row, found: Opened, opened: Act) -> Verdict:
    manifest = found.manifest
    own = _bound(dossier, manifest.signer, bid["tenderer"], opened)
    strangers = [each.tenderer for each in manifest.joint if not _bound(dossier, each.signer, each.tenderer, opened)]
    joint = [] if strangers else _members(dossier, manifest)
    error = None
    if found.manifest_sha256 != bid["manifest_sha256"]:
        error = tenderers(Cause.BAD_MANIFEST, "清单与投标时的承诺不一致", "the manifest is not the one committed to")
    elif (manifest.price is None) is dossier.law.priced:
        zh, en = ("没有报价", "it holds no price") if manifest.price is None else ("本轮不得有报价", "no price belongs in this round")
        error = tenderers(Cause.BAD_MANIFEST, zh, en)
    elif not own:
        error = tenderers(Cause.SIGNATURE_INVALID, "签名密钥不属于该投标人", "the signing key is not bound to this tenderer")
    if error is not None:
        return Verdict(bid, manifest, [], error)
    if strangers:
        error = tenderers(Cause.MEMBER_SIGNATURE, "、".join(strangers), ", ".join(strangers))
    elif joint and not dossier.facts.get("joint_bids_allowed", False):
        error = tenderers(Cause.JOINT_NOT_ALLOWED)
    elif not admission.as_admitted(dossier, bid["tenderer"], [member["tenderer"] for member in joint]):
        error = tenderers(Cause.JOINT_CHANGED)
    return Verdict(bid, manifest, joint, error)


def _bound(dossier: Dossier, signer: str, tenderer: str, opened: Act) -> bool:
    """Whether a key inside the seal was bound, before the opening, to somebody of the organisation."""
    dossier.scratch["signers"].add(signer)
    return any(
        act.public["public"] == signer and act.public["organisation"] == tenderer and act.index < opened.index
        for act in dossier.all("person.bind_key")
    )


def _members(dossier: Dossier, manifest: Manifest) -> list[Row]:
    names = {act.public["uscc"]: act.public["name"] for act in dossier.all("organisation.register")}
    return [
        {"tenderer": each.tenderer, "name": names.get(each.tenderer, ""), "work": each.work, "signer": each.signer}
        for each in manifest.joint
    ]


def _compared(dossier: Dossier, found: Verdict, custodians: Custodians) -> Iterator[Text]:
    """One row of the record against the verdict."""
    bid, manifest, error = found.bid, found.manifest, found.error
    name, recorded = bid["bid"], bid["fault"] or {}
    said, whose = recorded.get("cause"), recorded.get("whose")
    if manifest is not None and manifest.custodians != custodians:
        yield Text(f"{name}：不是密封给本项目的保管人", f"{name}: is not sealed to this tender's custodians")
    if error is not None and (said, whose) != (error.cause.value, error.whose.value):
        yield Text(
            f"{name}：打不开或者无效（{error.text.zh}），记录写的是 {said or '有效'}",
            f"{name}: does not open or does not count ({error.text.en}); the record says {said or 'sound'}",
        )
    elif error is None and said is not None:
        yield Text(
            f"{name}：重新打开的结论与记录（{said}）不同",
            f"{name}: opening again comes to another verdict than the record ({said})",
        )
    price = manifest.price if manifest is not None and error is None else None
    if price != bid["price"] and (error is None) == (said is None):
        yield Text(
            f"{name}：密封的报价是 {price} 分，记录是 {bid['price']} 分",
            f"{name}: the sealed price is {price} fen, the record says {bid['price']}",
        )
    formula = dossier.facts.get("formula") or {}
    claims = evaluation_facts.claims(formula, manifest.answers) if manifest is not None and error is None else {}
    if claims != bid.get("claims", {}) and (error is None) == (said is None):
        yield Text(f"{name}：声明的政策扣除与密封的不同", f"{name}: the deductions claimed are not those that are sealed")
    if found.joint != bid.get("joint", []):
        yield Text(f"{name}：联合体成员与密封的不同", f"{name}: the members of the joint bid are not those that are sealed")
    if "signer" in bid and (manifest is None or bid["signer"] != manifest.signer):
        yield Text(f"{name}：签名密钥与密封的不同", f"{name}: the signing key is not the one that is sealed")

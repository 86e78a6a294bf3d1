"""Opening the bids of a tender and judging what is inside, one by one and then all together: the rows of the record.

:mod:`yiwang.verifier.checks.bids` comes to the same rows from the dossier alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import IO, Any

from yiwang.kernel import evaluation_facts
from yiwang.kernel.text import Text
from yiwang.modules.bids import services as bids
from yiwang.modules.bids.acts import bid_facts
from yiwang.modules.evidence import files
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders.selectors import law_of
from yiwang.seal.causes import Cause, SealError, Whose, tenderers
from yiwang.seal.joint import bidding_twice
from yiwang.seal.manifest import Context, Manifest
from yiwang.seal.opening import Expected, Opened, open_envelope

Row = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """One bid after opening.

    Attributes:
        manifest: what is inside; None where it did not open.
        joint: the members as the record lists them, once the consent of every one of them is proven.
        error: why the bid does not count, or None.
    """

    bid: Any
    manifest: Manifest | None = None
    joint: list[Row] = field(default_factory=list)
    error: Exception | None = None


def open_all(standing: Iterable[Any], identities: dict[int, str]) -> list[Row]:
    """Open bids with the released keys, note in their rows what they say, and give the rows of the opening record."""
    judged = [_open_one(bid, identities) for bid in standing]
    twice = bidding_twice((each.bid.chain, _place(each.bid), _firms(each)) for each in judged)
    return [_settle(replace(each, error=each.error or twice.get(each.bid.chain))) for each in judged]


Composition = Callable[[Any, str], Iterable[str] | None]
_compositions: list[Composition] = []


def composition(find: Composition) -> Composition:
    """Register who tells of which firms a bid must be: ``find(tender, lead's credit code)`` gives the members' codes, none
    for one firm alone, or None where anything goes.
    """
    _compositions.append(find)
    return find


def _as_admitted(bid: Any, joint: list[Row]) -> bool:
    due = [set(wanted) for find in _compositions if (wanted := find(bid.tender, bid.tenderer.uscc)) is not None]
    return all({member["tenderer"] for member in joint} == wanted for wanted in due)


def _settle(found: Judged) -> Row:
    """Write down one verdict: in the bid's row, and as a row of the record."""
    bid, manifest = found.bid, found.manifest
    fault = _fault(found.error) if found.error is not None else None
    bids.fill_in(bid, manifest=manifest.json() if manifest and not fault else None, fault=fault, joint=found.joint)
    row = {**bid_facts(bid), "bid": bid.chain, "tenderer_name": bid.tenderer.name}
    row |= {"price": manifest.price if manifest and not fault else None, "fault": fault}
    claims = evaluation_facts.claims(bid.tender.formula, manifest.answers) if manifest and not fault else {}
    if claims:
        row["claims"] = claims
    if found.joint:
        row["joint"] = found.joint
    if manifest and fault:  # who redoes the opening needs to know whose key it was
        row["signer"] = manifest.signer
    return row


def _place(bid: Any) -> tuple[str, int]:
    """Within which nobody may bid twice: lot and round."""
    return bid.lot.number, bid.round


def _firms(found: Judged) -> list[str]:
    """Credit codes of all who bid with this bid: who handed it in, and members whose consent is proven."""
    return [found.bid.tenderer.uscc, *(member["tenderer"] for member in found.joint[1:])]


def _open_one(bid: Any, identities: dict[int, str]) -> Judged:
    context = Context(bid.tender.number, bid.lot.number, bid.round)
    expected = Expected(context, bid.tenderer.uscc, bid.envelope_sha256)
    try:
        with bids.sealed_file(bid) as handle, open_envelope(handle, identities, expected=expected) as opened:
            found = _judge(bid, opened)
            if found.error is None:
                for document in opened.documents.values():
                    files.store(_pieces(document.file))
            return found
    except (SealError, FileNotFoundError) as error:
        return Judged(bid, error=error)


def _judge(bid: Any, opened: Opened) -> Judged:
    """What is inside must be what the tenderer committed to, and hers: signed by keys bound to her people and to those of
    every member of a joint bid, which the notice must accept (招标投标法实施条例 第37条).
    """
    manifest = opened.manifest
    joint: list[Row] = []
    try:
        _check_own(bid, opened)
        joint = _members(manifest, bid.submitted_at)
        if joint and not bid.tender.joint_bids_allowed:
            raise tenderers(Cause.JOINT_NOT_ALLOWED)
        if not _as_admitted(bid, joint):
            raise tenderers(Cause.JOINT_CHANGED)
    except SealError as error:
        return Judged(bid, manifest, joint, error)
    return Judged(bid, manifest, joint)


def _check_own(bid: Any, found: Opened) -> None:
    if found.manifest_sha256 != bid.manifest_sha256:
        raise tenderers(Cause.BAD_MANIFEST, "清单与投标时的承诺不一致", "the manifest is not the one committed to")
    if (found.manifest.price is None) is law_of(bid.tender).priced:
        zh, en = ("没有报价", "it holds no price") if found.manifest.price is None else ("本轮不得有报价", "no price belongs in this round")
        raise tenderers(Cause.BAD_MANIFEST, zh, en)
    if not parties.is_key_of(bid.tenderer, found.manifest.signer, bid.submitted_at):
        raise tenderers(Cause.SIGNATURE_INVALID, "签名密钥不属于该投标人", "the signing key is not bound to this tenderer")


def _members(manifest: Manifest, at: datetime) -> list[Row]:
    """The members as the record lists them. SealError when a key is not bound to somebody of its member."""
    firms = {each.uscc: each for each in parties.organisations().filter(uscc__in=[m.tenderer for m in manifest.joint])}
    strangers = [
        member.tenderer
        for member in manifest.joint
        if member.tenderer not in firms or not parties.is_key_of(firms[member.tenderer], member.signer, at)
    ]
    if strangers:
        raise tenderers(
            Cause.MEMBER_SIGNATURE,
            f"签名密钥不属于成员 {'、'.join(strangers)}",
            f"the signing key is not bound to {', '.join(strangers)}",
        )
    return [
        {"tenderer": each.tenderer, "name": firms[each.tenderer].name, "work": each.work, "signer": each.signer}
        for each in manifest.joint
    ]


def _fault(error: Exception) -> dict[str, str]:
    if isinstance(error, SealError):
        return {"cause": error.cause.value, "whose": error.whose.value, "zh": error.text.zh, "en": error.text.en}
    lost = Text("交易中心丢失了密封文件", "the center has lost the sealed file")
    return {"cause": "missing", "whose": Whose.CENTER.value, "zh": lost.zh, "en": lost.en}


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(1 << 20):
        yield piece

"""Joint bids (联合体): the agreement that every member signs, the consents that members pass on, and strict reading.

In the manifest of a joint bid, and in no other, stands the key ``joint``, the lead member first::

    "joint": {"members": [{"tenderer": "<credit code>", "work": "<its share of the work, in words>",
                           "signer": "<public key>", "signature": "<base64>"}, ...]}

Each member signs, with a key bound to its own people, the same statement of kind ``joint-bid``::

    {"tender": "...", "lot": "...", "lead": "<credit code>", "members": [{"tenderer": "...", "work": "..."}, ...]}

On the way there members hand files to each other. Nothing of it passes the server: before the opening nobody may know
who bids, and with whom. The proposal, with names for the reader's eye alone, and the consent::

    {"v": 1, "kind": "joint-bid-proposal", "statement": {...}, "names": {"<credit code>": "<name>"}}
    {"v": 1, "kind": "joint-bid", "statement": {...}, "tenderer": "<who consents>", "signer": "...", "signature": "..."}

Source: 招标投标法 第31条 (joint agreement, one lead, joint liability); 招标投标法实施条例 第37条 (no second bid).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.errors import YiwangError, bad
from yiwang.kernel.lawfile import law_path, read
from yiwang.kernel.text import Text
from yiwang.seal import sm2
from yiwang.seal.causes import Cause, SealError, tenderers
from yiwang.seal.shapes import ShapeError, fields, from_base64
from yiwang.seal.signing import verify_statement

STATEMENT = "joint-bid"
"""The kind of statement that members sign, and of the file in which a consent travels."""
PROPOSAL = "joint-bid-proposal"
ARTICLE = "招标投标法 第31条"
LIMIT = "NL-17"
_TEXT = 200
_CODE = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{18}")


@dataclass(frozen=True, slots=True)
class Share:
    """A member's credit code and its share of the work, in words."""

    tenderer: str
    work: str

    def json(self) -> dict[str, Any]:
        """The object as it stands in the statement."""
        return {"tenderer": self.tenderer, "work": self.work}


@dataclass(frozen=True, slots=True)
class Agreement:
    """What all members agree on; the lead member is the first."""

    tender: str
    lot: str
    shares: tuple[Share, ...]

    @property
    def lead(self) -> str:
        """Credit code of the lead member, who hands in the bid."""
        return self.shares[0].tenderer

    def json(self) -> dict[str, Any]:
        """The statement that is signed."""
        members = [share.json() for share in self.shares]
        return {"tender": self.tender, "lot": self.lot, "lead": self.lead, "members": members}


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the manifest lists it: its share, the key it signed with, its signature over the agreement."""

    tenderer: str
    work: str
    signer: str
    signature: str

    def json(self) -> dict[str, Any]:
        """The object as it stands in the manifest."""
        return {"tenderer": self.tenderer, "work": self.work, "signer": self.signer, "signature": self.signature}


def most_members() -> int:
    """The greatest number of members, from law/limits.yaml."""
    rows = read(law_path("limits.yaml")).need(("limits",), list)
    return next(int(row["most"]) for row in rows if row["id"] == LIMIT)


def agreement_of(tender: str, lot: str, members: Sequence[Member]) -> Agreement:
    """The agreement that the members of a manifest signed."""
    return Agreement(tender, lot, tuple(Share(member.tenderer, member.work) for member in members))


def unsigned(tender: str, lot: str, members: Sequence[Member]) -> tuple[str, ...]:
    """Credit codes of the members whose signature over the agreement does not verify. Whose keys they are, the register
    of keys tells."""
    if not members:
        return ()
    said = agreement_of(tender, lot, members).json()
    return tuple(each.tenderer for each in members if not verify_statement(each.signer, STATEMENT, said, each.signature))


def party_name(name: str, others: Iterable[str]) -> Text:
    """How a tenderer is written: its name; a joint one as 某公司（牵头）、某公司（联合体）."""
    rest = list(others)
    if not rest:
        return Text(name, name)
    zh = "、".join([f"{name}（牵头）", *(f"{each}（联合体）" for each in rest)])
    en = ", ".join([f"{name} (lead)", *(f"{each} (joint)" for each in rest)])
    return Text(zh, en)


def bidding_twice(bids: Iterable[tuple[str, Hashable, Sequence[str]]]) -> dict[str, SealError]:
    """The bids that are invalid because one of their parties bids twice, alone or in another joint bid, with the error.

    Args:
        bids: each with its name, its place (lot and round) and the credit codes of all who bid with it.
    """
    listed = list(bids)
    count = Counter((place, code) for _, place, codes in listed for code in set(codes))
    found = {}
    for name, place, codes in listed:
        twice = [code for code in dict.fromkeys(codes) if count[place, code] > 1]
        if twice:
            found[name] = tenderers(Cause.BIDS_TWICE, "、".join(twice), ", ".join(twice))
    return found


# --- strict reading -----------------------------------------------------------------------------------------------------

_MEMBER = {"tenderer": str, "work": str, "signer": str, "signature": str}


def read_joint(value: Any, tenderer: str, path: str = "manifest.joint") -> tuple[Member, ...]:
    """The members in a manifest's ``joint``, the first of them the tenderer. ShapeError names what is wrong."""
    rows = fields(value, path, {"members": list})["members"]
    members = tuple(Member(**fields(row, f"{path}.members[{n}]", _MEMBER)) for n, row in enumerate(rows))
    for number, member in enumerate(members):
        _read_key(member.signer, f"{path}.members[{number}].signer")
    _check_shares([Share(member.tenderer, member.work) for member in members], tenderer, path)
    return members


def read_agreement(value: Any, path: str = "statement") -> Agreement:
    """An agreement, strictly; ShapeError names what is wrong."""
    data = fields(value, path, {"tender": str, "lot": str, "lead": str, "members": list})
    rows = enumerate(data["members"])
    shares = tuple(Share(**fields(row, f"{path}.members[{n}]", {"tenderer": str, "work": str})) for n, row in rows)
    _check_shares(shares, data["lead"], path)
    return Agreement(_short(data["tender"], f"{path}.tender"), _short(data["lot"], f"{path}.lot"), shares)


def _check_shares(shares: Sequence[Share], lead: str, path: str) -> None:
    if not 2 <= len(shares) <= most_members():
        raise ShapeError(f"{path}.members has {len(shares)} members; a joint bid has 2 to {most_members()}")
    if shares[0].tenderer != lead:
        raise ShapeError(f"{path}.members begins with {shares[0].tenderer!r}, not with the lead {lead!r}")
    for number, share in enumerate(shares):
        if not _CODE.fullmatch(share.tenderer):
            raise ShapeError(f"{path}.members[{number}].tenderer {share.tenderer!r} is no unified social credit code")
        _short(share.work, f"{path}.members[{number}].work")
    codes = [share.tenderer for share in shares]
    doubled = next((code for code in codes if codes.count(code) > 1), None)
    if doubled is not None:
        raise ShapeError(f"{path}.members holds {doubled} twice")


def _short(text: str, path: str) -> str:
    if not 0 < len(text.strip()) <= len(text) <= _TEXT or any(ord(c) < 32 for c in text):
        raise ShapeError(f"{path} is empty, longer than {_TEXT} characters or has control characters")
    return text


def _read_key(signer: str, path: str) -> None:
    if not sm2.is_sm2(signer):  # checked when the signature is
        from_base64(signer, path, size=32)


# --- what members pass on -----------------------------------------------------------------------------------------------


def propose(tender: str, lot: str, shares: Sequence[tuple[str, str]], names: Mapping[str, str]) -> dict[str, Any]:
    """The lead member's proposal to the others.

    Args:
        shares: credit code (its check digit checked by the caller) and share of the work of each member, the lead first.
        names: names by credit code, for the reader's eye; they are not signed.

    Raises:
        BadInput: a code is wrong or stands twice, a share is empty, too few or too many members.
    """
    agreed = Agreement(tender, lot, tuple(Share(code, work.strip()) for code, work in shares))
    try:
        statement = read_agreement(agreed.json()).json()
    except (ShapeError, IndexError) as error:
        raise _unsound("member", error) from None
    return {"v": 1, "kind": PROPOSAL, "statement": statement, "names": dict(names)}


def read_proposal(data: Any) -> tuple[Agreement, dict[str, str]]:
    """Agreement and names of a proposal file; BadInput when it is none."""
    try:
        value = fields(data, "proposal", {"v": int, "kind": str, "statement": dict, "names": dict})
        if (value["v"], value["kind"]) != (1, PROPOSAL):
            raise ShapeError(f"it is a {value['kind']!r} of version {value['v']}, not a {PROPOSAL!r} of version 1")
        agreed, names = read_agreement(value["statement"]), dict(value["names"])
        for code, name in names.items():
            if not isinstance(name, str):
                raise ShapeError(f"names.{code} is not text")
            _short(name, f"names.{code}")
    except ShapeError as error:
        raise _unsound("proposal", error) from None
    return agreed, names


def consent(agreed: Agreement, tenderer: str, signer: str, signature: str) -> dict[str, Any]:
    """A member's consent as a file to pass on. BadInput: not a member, or the signature is not over this agreement."""
    made = {"v": 1, "kind": STATEMENT, "statement": agreed.json(), "tenderer": tenderer, "signer": signer, "signature": signature}
    read_consent(made)
    return made


def read_consent(data: Any) -> tuple[Agreement, Member]:
    """Agreement and consenting member of a consent file. BadInput: none, of no member, or the signature is wrong."""
    kinds = {"v": int, "kind": str, "statement": dict, "tenderer": str, "signer": str, "signature": str}
    try:
        value = fields(data, "consent", kinds)
        if (value["v"], value["kind"]) != (1, STATEMENT):
            raise ShapeError(f"it is a {value['kind']!r} of version {value['v']}, not a {STATEMENT!r} of version 1")
        agreed = read_agreement(value["statement"])
        _read_key(value["signer"], "signer")
    except ShapeError as error:
        raise _unsound("consent", error) from None
    share = next((each for each in agreed.shares if each.tenderer == value["tenderer"]), None)
    if share is None:
        raise bad("consent", f"{value['tenderer']} 不是这个联合体的成员", f"{value['tenderer']} is no member of this joint bid")
    if not verify_statement(value["signer"], STATEMENT, agreed.json(), value["signature"]):
        raise bad("consent", f"{share.tenderer} 的签名与协议内容不符", f"the signature of {share.tenderer} is not over this agreement",
                  article=ARTICLE, passes=Text("请该成员重新签名", "let that member sign again"))  # fmt: skip
    return agreed, Member(share.tenderer, share.work, value["signer"], value["signature"])


def join(consents: Iterable[Any], *, tender: str = "", lot: str = "") -> tuple[Member, ...]:
    """The members, lead first, out of the consents of all of them.

    Raises:
        BadInput: consents to different agreements, for another tender or lot, one is missing or given twice.
    """
    found = [read_consent(each) for each in consents]
    if not found:
        raise bad("joint", "没有成员同意书", "there is no consent", article=ARTICLE)
    agreed = found[0][0]
    if any(other != agreed for other, _ in found):
        raise bad("joint", "同意书针对的不是同一份协议", "the consents are not to the same agreement", article=ARTICLE,
                  passes=Text("全体成员对同一份提议签名", "all members sign one and the same proposal"))  # fmt: skip
    for said, wanted, zh in ((agreed.tender, tender, "项目"), (agreed.lot, lot, "标段")):
        if wanted and said != wanted:
            raise bad("joint", f"同意书属于{zh} {said}，不是 {wanted}", f"the consents are for {said}, not for {wanted}")
    given = {member.tenderer: member for _, member in found}
    if len(given) != len(found):
        raise bad("joint", "同一成员的同意书给了两次", "a member's consent is given twice")
    missing = [share.tenderer for share in agreed.shares if share.tenderer not in given]
    if missing:
        raise bad("joint", f"缺少成员 {'、'.join(missing)} 的同意书", f"the consent of {', '.join(missing)} is missing",
                  article=ARTICLE, passes=Text("牵头人和全体成员各一份同意书", "one consent of the lead and of every member"))  # fmt: skip
    return tuple(given[share.tenderer] for share in agreed.shares)


def _unsound(field: str, error: Exception) -> YiwangError:
    return bad(field, f"联合体文件有误：{error}", f"the joint bid's file is unsound: {error}", article=ARTICLE)

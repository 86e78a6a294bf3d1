"""A dossier's files and what they hold: names, forms, and strict reading. The builder uses the same names."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from yiwang.kernel import own_law, procedures
from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.moment import from_stamp
from yiwang.kernel.procedures import Procedure
from yiwang.kernel.text import Text
from yiwang.seal.shapes import ShapeError, check_hex, fields, read_canonical
from yiwang.tlog.checkpoint import Checkpoint
from yiwang.tlog.policy import Policy
from yiwang.verifier.archive import Archive
from yiwang.verifier.readme import README
from yiwang.verifier.trust import Trusted

FORMAT = "yiwang-dossier/v1"
MANIFEST, ACTS, PROOFS, CHECKPOINT, VKEYS, POLICY, README_NAME = (
    "manifest.json",
    "acts.json",
    "proofs.json",
    "checkpoint",
    "log.vkeys",
    "policy",
    "README.txt",
)
FIXED = (ACTS, CHECKPOINT, VKEYS, POLICY, PROOFS, README_NAME)
"""Files of every dossier beside the manifest."""
DOCUMENTS, BIDS, WITNESSED, LAW = "documents/", "bids/", "checkpoints/", "law/"
"""Folders. ``checkpoints/`` holds earlier cosigned checkpoints, named by their size: those that acts waited for; ``law/`` the
documents of a procedure of the center's own."""

FIRST_YEAR, LAST_YEAR = 1970, 2999
"""Moments outside have no place in a calendar."""

_ACT = {"v": int, "act": str, "actor": dict, "at": str, "subject": str, "seq": int, "prev": str, "public": dict,
        "private_digest": str}  # fmt: skip
_ACTOR = {"role": str, "party": str, "person": str}
_SHOWN: dict[str, type | tuple[type, ...]] = {"index": int, "entry": str, "salt": str, "act": dict}
_ENTRY = re.compile(r"[0-9a-f]{128}")

__all__ = ["README", "Act", "Dossier", "Hidden", "read_acts", "read_manifest"]


@dataclass(frozen=True, slots=True)
class Hidden:
    """An act of the tender that is not public: its place in the log and its blind entry, hex."""

    index: int
    entry: str


@dataclass(frozen=True)
class Act:
    """A disclosed act: place in the log, entry (hex), salt (hex), canonical object; private part where disclosed."""

    index: int
    entry: str
    salt: str
    content: dict[str, Any]
    private: dict[str, Any] | None = None
    private_salt: str = ""

    @property
    def name(self) -> str:
        """``noun.verb``."""
        return str(self.content["act"])

    @property
    def public(self) -> dict[str, Any]:
        """What the act was."""
        public: dict[str, Any] = self.content["public"]
        return public

    @property
    def subject(self) -> str:
        """The chain it stands on."""
        return str(self.content["subject"])

    @property
    def seq(self) -> int:
        """Its place in the chain."""
        return int(self.content["seq"])

    @property
    def at(self) -> datetime:
        """When it was done."""
        return from_stamp(self.content["at"])

    @property
    def role(self) -> str:
        """In which role."""
        return str(self.content["actor"]["role"])

    @property
    def party(self) -> str:
        """Credit code of the organisation that acted, or ''."""
        return str(self.content["actor"]["party"])

    @cached_property
    def canonical(self) -> bytes:
        """The bytes that were committed to. What stands in a canonical file is canonical, so nothing is checked again."""
        text = json.dumps(self.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()

    def __str__(self) -> str:
        return f"{self.subject}#{self.seq} {self.name}"


@dataclass
class Dossier:
    """A dossier that was read: what all checks work on.

    Attributes:
        trusted: the log's keys and the policy as they stand in the dossier.
        reader: the policy that the reader gave.
        scratch: what earlier checks computed for later ones.
    """

    archive: Archive
    tender: str
    acts: list[Act]
    hidden: list[Hidden]
    proofs: dict[str, Any]
    checkpoint: Checkpoint
    trusted: Trusted
    reader: Policy | None = None
    scratch: dict[str, Any] = field(default_factory=dict)

    @property
    def chain(self) -> str:
        """Evidence subject of the tender's own acts."""
        return f"tender/{self.tender}"

    @cached_property
    def _by_name(self) -> dict[str, list[Act]]:
        found: dict[str, list[Act]] = {}
        for act in self.acts:
            found.setdefault(act.name, []).append(act)
        return found

    def all(self, name: str) -> list[Act]:
        """All disclosed acts of that name, by index."""
        return self._by_name.get(name, [])

    def last(self, name: str) -> Act | None:
        """The last disclosed act of that name, or None."""
        found = self.all(name)
        return found[-1] if found else None

    @property
    def facts(self) -> dict[str, Any]:
        """What notice (or entry) says of the tender; {} while neither is public."""
        act = self.notice or self.last("tender.enter")
        return act.public if act else {}

    @property
    def candidates(self) -> list[dict[str, Any]]:
        """Among whom the award is decided: the publicised candidates, the report's where none are publicised."""
        public = self.last("candidates.publicise")
        made = self.last("evaluation.conclude") or self.last("negotiation.settle")
        rows = public.public if public else made.public["report"] if made else {"candidates": []}
        found: list[dict[str, Any]] = rows["candidates"]
        return found

    @property
    def notice(self) -> Act | None:
        """The act by which the tender went out: notice or invitation; None while it is not public."""
        return self.last("tender.publish") or self.last("tender.invite")

    @cached_property
    def _law(self) -> tuple[Procedure, ClockBook]:
        named = self.facts.get("law")
        if not named:
            return procedures.load(self.facts["procedure"], self.facts.get("procedure_version", 1)), ClockBook.of_program()
        have = {name: self.archive.read(LAW + name) for name in named if LAW + name in self.archive.entries}
        return own_law.read(have, self.facts["procedure"])

    @property
    def law(self) -> Procedure:
        """The procedure, in the version under which the tender began; only once :attr:`facts` are there.

        A center's own is read from the dossier itself, any other from the law that comes with the verifier.
        """
        return self._law[0]

    @property
    def book(self) -> ClockBook:
        """The statutory clock, with the rules of the center's own that the dossier holds."""
        return self._law[1] if self.facts else ClockBook.of_program()


def read_manifest(data: bytes) -> dict[str, Any]:
    """The manifest; ShapeError when its form is wrong."""
    value = fields(read_canonical(data), "manifest", {"format": str, "tender": str, "size": int, "files": dict})
    if value["format"] != FORMAT:
        raise ShapeError(f"manifest.format is not {FORMAT}")
    for name, item in value["files"].items():
        check_hex(fields(item, name, {"size": int, "sha256": str})["sha256"], name)
    return value


def read_acts(data: bytes) -> tuple[list[Act], list[Hidden]]:
    """Disclosed and hidden acts of ``acts.json``, each by index; ShapeError when its form is wrong."""
    rows = read_canonical(data)
    if not isinstance(rows, list):
        raise ShapeError("acts is not a list")
    acts, hidden, before = [], [], -1
    for number, row in enumerate(rows):
        path = f"acts[{number}]"
        if isinstance(row, dict) and set(row) == {"index", "entry"}:
            fields(row, path, {"index": int, "entry": str})
            hidden.append(Hidden(row["index"], row["entry"]))
        else:
            acts.append(_read_act(row, path))
        if row["index"] <= before:
            raise ShapeError(f"{path}.index is not above the one before")
        if not _ENTRY.fullmatch(row["entry"]):
            raise ShapeError(f"{path}.entry is not 64 bytes in lower-case hex")
        before = row["index"]
    return acts, hidden


def _read_act(row: Any, path: str) -> Act:
    types = dict(_SHOWN)
    if isinstance(row, dict) and "private" in row:
        types |= {"private": dict, "private_salt": str}
    fields(row, path, types)
    check_hex(row["salt"], f"{path}.salt")
    content = fields(row["act"], f"{path}.act", _ACT)
    fields(content["actor"], f"{path}.act.actor", _ACTOR)
    if content["v"] != 1:
        raise ShapeError(f"{path}.act.v is not 1")
    try:
        year = from_stamp(content["at"]).year
    except ValueError:
        year = 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ShapeError(f"{path}.act.at is not a moment of the years {FIRST_YEAR} to {LAST_YEAR}")
    if "private" in row:
        check_hex(row["private_salt"], f"{path}.private_salt")
    return Act(row["index"], row["entry"], row["salt"], content, row.get("private"), row.get("private_salt", ""))


def unsound(name: str, error: Exception) -> Text:
    """A fault in the form of a file."""
    return Text(f"{name}：{error}", f"{name}: {error}")

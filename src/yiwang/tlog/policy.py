"""C2SP tlog-policy: which logs are trusted, which witnesses, and how many of them must have cosigned."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from yiwang.kernel.text import Text
from yiwang.tlog import note as notes
from yiwang.tlog.checkpoint import SignedCheckpoint, open_checkpoint
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.errors import NoteError, PolicyError

NONE = "none"
MAX_POLICY = 1_000_000

_LOG_KINDS = (notes.ED25519, notes.MLDSA44_COSIGNATURE)
_WITNESS_KINDS = (notes.ED25519_COSIGNATURE, notes.MLDSA44_COSIGNATURE)
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_SPACE = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Party:
    """A log or witness: its key and, where it can be reached, its URL."""

    vkey: notes.VKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses a checkpoint when at least ``threshold`` of its members do."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A parsed policy; ``quorum`` is the name of a witness or group, or ``none``."""

    logs: tuple[Party, ...]
    witnesses: Mapping[str, Party]
    groups: Mapping[str, Group]
    quorum: str

    def satisfied_by(self, cosigners: frozenset[str]) -> bool:
        """Whether these witnesses (policy names) make up the quorum."""
        return self.quorum == NONE or self._witnessed(self.quorum, cosigners)

    def open(self, note: bytes) -> SignedCheckpoint:
        """Check a checkpoint: signed by one of the logs for its own origin, and witnessed by the quorum.

        Raises:
            NoteError: malformed, a known key's signature is wrong, or no listed log signed.
            PolicyError: the witnesses who cosigned are not the quorum.
        """
        keys = {name: verifier_for(party.vkey) for name, party in self.witnesses.items()}
        logs = [verifier_for(party.vkey) for party in self.logs]
        signed = open_checkpoint(note, logs, witnesses=keys.values())
        cosigners = frozenset(name for name, key in keys.items() if signed.note.signed_by(key))
        if not self.satisfied_by(cosigners):
            names, quorum = _shown(", ".join(sorted(cosigners)) or "-"), _shown(self.quorum)
            raise PolicyError(
                f"见证人数不足：要求 {quorum}，已见证 {names}",
                f"not enough witnesses: {quorum} is required, {names} cosigned",
                field="quorum",
            )
        return signed

    def _witnessed(self, name: str, cosigners: frozenset[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in cosigners
        return sum(self._witnessed(member, cosigners) for member in group.members) >= group.threshold


def parse(data: bytes) -> Policy:
    """Read a policy file, strictly (specification, "Policy file syntax and structure").

    Names are opaque octets; those that are not UTF-8 are kept by surrogate escapes.

    Raises:
        PolicyError: ``field`` is ``line <n>``.
    """
    reader = _Reader()
    if len(data) > MAX_POLICY:
        raise _bad(1, "文件过长", "the file is too long")
    if data and not data.endswith(b"\n"):
        raise _bad(data.count(b"\n") + 1, "末行没有换行", "the last line does not end in a newline")
    for number, line in enumerate(data.split(b"\n"), 1):
        if _CONTROL.search(line):
            raise _bad(number, "有控制字符", "has a control character")
        items = _SPACE.split(line.decode("utf-8", "surrogateescape").strip(" \t"))
        if items != [""] and not items[0].startswith("#"):
            reader.read(number, items)
    if reader.quorum is None:
        raise _bad(data.count(b"\n") + 1, "没有 quorum 行", "there is no quorum line")
    return Policy(tuple(reader.logs), reader.witnesses, reader.groups, reader.quorum)


@dataclass(slots=True)
class _Reader:
    """What was read so far."""

    logs: list[Party] = field(default_factory=list)
    witnesses: dict[str, Party] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str | None = None
    grouped: set[str] = field(default_factory=set)

    def read(self, number: int, items: list[str]) -> None:
        forms: dict[str, tuple[Callable[[int, list[str]], None], range, str]] = {
            "log": (self._log, range(1, 3), "log <vkey> [<url>]"),
            "witness": (self._witness, range(2, 4), "witness <name> <vkey> [<url>]"),
            "group": (self._group, range(3, 1 << 30), "group <name> <k|any|all> <name>..."),
            "quorum": (self._quorum, range(1, 2), "quorum <name|none>"),
        }
        if items[0] not in forms:
            raise _bad(number, f"不认识 {items[0]!r}", f"unknown keyword {items[0]!r}", "log, witness, group, quorum")
        act, count, form = forms[items[0]]
        if len(items) - 1 not in count:
            raise _bad(number, "项数不对", "wrong number of items", form)
        act(number, items[1:])

    def _log(self, number: int, items: list[str]) -> None:
        party = _party(number, items, _LOG_KINDS)
        if any(party.vkey.key == other.vkey.key for other in self.logs):
            raise _bad(number, "日志公钥重复", "this log key is already listed")
        self.logs.append(party)

    def _witness(self, number: int, items: list[str]) -> None:
        self._check_new(number, items[0])
        party = _party(number, items[1:], _WITNESS_KINDS)
        if any(party.vkey.key == other.vkey.key for other in self.witnesses.values()):
            raise _bad(number, "见证人公钥重复", "this witness key is already listed")
        self.witnesses[items[0]] = party

    def _group(self, number: int, items: list[str]) -> None:
        name, wanted, *members = items
        self._check_new(number, name)
        for member in members:
            self._check_known(number, member)
            if member in self.grouped:
                raise _bad(number, f"{member} 已在某组中", f"{member} is already a member of a group")
            self.grouped.add(member)
        self.groups[name] = Group(_threshold(number, wanted, len(members)), tuple(members))

    def _quorum(self, number: int, items: list[str]) -> None:
        if self.quorum is not None:
            raise _bad(number, "quorum 只能有一行", "there can be only one quorum line")
        if items[0] != NONE:
            self._check_known(number, items[0])
        self.quorum = items[0]

    def _check_new(self, number: int, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise _bad(number, f"名称 {name} 已被使用", f"the name {name} is taken")

    def _check_known(self, number: int, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise _bad(number, f"前面没有定义 {name}", f"{name} is not defined on a line above")


def _threshold(number: int, wanted: str, count: int) -> int:
    if wanted in ("any", "all"):
        return 1 if wanted == "any" else count
    if re.fullmatch(r"[1-9][0-9]{0,8}", wanted) is None or int(wanted) > count:
        raise _bad(number, f"门槛须为 1 至 {count}", "the threshold does not fit", f"1..{count}, any, all")
    return int(wanted)


def _party(number: int, items: list[str], kinds: tuple[int, ...]) -> Party:
    try:
        vkey = notes.parse_vkey(items[0])
    except NoteError as error:
        raise _bad(number, "公钥格式不对", f"not a verifier key ({error})") from error
    if vkey.kind not in kinds:
        allowed = ", ".join(f"0x{kind:02x}" for kind in kinds)
        raise _bad(
            number,
            f"此处不能用 0x{vkey.kind:02x} 类密钥",
            f"a key of type 0x{vkey.kind:02x} cannot stand here",
            allowed,
        )
    return Party(vkey, items[1] if len(items) > 1 else "")


def _bad(number: int, zh: str, en: str, passes: str = "") -> PolicyError:
    form = Text(passes, passes) if passes else None
    return PolicyError(f"第 {number} 行：{_shown(zh)}", f"line {number}: {_shown(en)}", field=f"line {number}", passes=form)


def _shown(text: str) -> str:
    """Names are opaque octets; what is not UTF-8 is shown by its number, so that every message can be printed."""
    return text.encode("utf-8", "backslashreplace").decode()

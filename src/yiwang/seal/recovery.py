"""The printed recovery sheet of a custodian's key: the secret key in groups that are typed back by hand.

An age secret key is ``AGE-SECRET-KEY-1`` and 58 characters of the bech32 alphabet. The sheet prints these 58 and two that
check the whole (the first ten bits of SHA-256 over ``yiwang/recovery/v1``, a line feed and the key), as 15 groups of four,
each followed by a check character of its own. That one is computed in GF(32) with x^5+x^2+1: the group's number plus the
sum of a^i times the i-th character; so one wrong character, two changed places or two groups changed about are noticed and
named by their group. The alphabet has no B, I, O and 1: typed instead of 8, L, 0 and L they are understood.

The browser module ``recovery.js`` does the same; both are tested on the same vectors.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.seal import keys

ALPHABET = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
PREFIX = "AGE-SECRET-KEY-1"
GROUPS, PAYLOAD = 15, 4
_TAG = b"yiwang/recovery/v1\n"
_KEY = 58
_SIZE = PAYLOAD + 1
_READ_AS = str.maketrans("BIO1", "8L0L")
_NUMBERING = re.compile(r"(?<![^\W_])\d{1,2}\s*[.:)、]\s*")


def groups(identity: str) -> tuple[str, ...]:
    """The 15 groups of five characters that stand for a secret key. BadInput when it is none."""
    key = keys.identity_in(identity).upper()
    text = key.removeprefix(PREFIX) + _whole(key)
    return tuple(
        text[at : at + PAYLOAD] + _check(number, text[at : at + PAYLOAD])
        for number, at in enumerate(range(0, len(text), PAYLOAD), 1)
    )


def identity_of(typed: str, *, field: str = "identity") -> str:
    """The secret key that the typed groups stand for. Blanks, lines, dashes, case and group numbers do not matter.

    Raises:
        BadInput: naming the groups that are mistyped, by their number on the sheet.
    """
    found = _split(typed, field)
    wrong = [number for number, group in enumerate(found, 1) if not _sound(number, group)]
    if wrong:
        raise _mistyped(wrong, field)
    text = "".join(group[:PAYLOAD] for group in found)
    key = PREFIX + text[:_KEY]
    if _whole(key) != text[_KEY:]:
        raise bad(field, "各组单独看都对，合起来却不是一把密钥", "each group is sound, but together they are no key",
                  passes=_AGAIN, code="recovery.whole")  # fmt: skip
    return keys.identity_in(key, field=field)


def identity_from(text: str, *, field: str = "identity") -> str:
    """The secret key in a key file, in a pasted or scanned line, or in the typed groups of a recovery sheet.

    Raises:
        BadInput: naming what is wrong, for a sheet by group.
    """
    if PREFIX in text.upper() or not looks_typed(text):
        lines = [line.upper() if PREFIX in line.upper() and not line.lstrip().startswith("#") else line for line in text.splitlines()]
        return keys.identity_in("\n".join(lines), field=field)
    return identity_of(text, field=field)


def looks_typed(text: str) -> bool:
    """Whether a text is rather the groups of a sheet than a key file: many characters of the alphabet, nothing else."""
    return "#" not in text and len(_plain(text)) >= _SIZE * 2


def _split(typed: str, field: str) -> Sequence[str]:
    words = [_plain(word) for word in re.split(r"[\s,;/|·—–-]+", _NUMBERING.sub(" ", unicodedata.normalize("NFKC", typed)))]
    words = [word for word in words if word]
    if len(words) == GROUPS:
        return words
    text = "".join(words)
    cut = [text[at : at + _SIZE] for at in range(0, len(text), _SIZE)]
    if len(text) == GROUPS * _SIZE:
        return cut
    first = next((number for number, group in enumerate(cut, 1) if not _sound(number, group)), len(cut) + 1)
    raise bad(
        field,
        f"恢复单有 {GROUPS} 组、每组 {_SIZE} 个字符，共 {GROUPS * _SIZE} 个；现在是 {len(text)} 个，从第 {min(first, GROUPS)} 组起对不上",
        f"the sheet has {GROUPS} groups of {_SIZE} characters, {GROUPS * _SIZE} in all; there are {len(text)}, and from group "
        f"{min(first, GROUPS)} on they do not fit",
        passes=_AGAIN, code="recovery.length",
    )  # fmt: skip


_AGAIN = Text("对照恢复单逐组核对", "compare with the sheet group by group")


def _plain(text: str) -> str:
    """Letters and digits of a typed text, as the alphabet writes them."""
    normal = unicodedata.normalize("NFKC", text).upper()
    return "".join(char for char in normal if char.isalnum()).translate(_READ_AS)


def _sound(number: int, group: str) -> bool:
    known = len(group) == _SIZE and all(char in ALPHABET for char in group)
    return known and number <= GROUPS and _check(number, group[:PAYLOAD]) == group[PAYLOAD]


def _mistyped(wrong: Sequence[int], field: str) -> BadInput:
    zh, en = "、".join(map(str, wrong)), ", ".join(map(str, wrong))
    return bad(field, f"第 {zh} 组抄错了", f"group {en} is mistyped" if len(wrong) == 1 else f"groups {en} are mistyped",
               passes=Text(f"对照恢复单重新输入第 {zh} 组", f"type group {en} again from the sheet"), code="recovery.group")  # fmt: skip


def _check(number: int, payload: str) -> str:
    total, power = number, 1
    for char in payload:
        power = _times(power, 2)
        total ^= _times(power, ALPHABET.index(char))
    return ALPHABET[total]


def _times(left: int, right: int) -> int:
    """Product in GF(32)."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left, right = (left << 1) ^ (0x25 if left & 16 else 0), right >> 1
    return product


def _whole(key: str) -> str:
    first, second = hashlib.sha256(_TAG + key.encode()).digest()[:2]
    bits = (first << 2) | (second >> 6)
    return ALPHABET[bits >> 5] + ALPHABET[bits & 31]

"""The recovery sheet: groups typed back in any sane way give the key; what is mistyped is named by its group.

``recovery_vectors.json`` holds for Python and for the browser's module what must come out. The check characters are
computed once more here, another way.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.node import NODE, PACKAGES, WHY_NOT, modules_in
from yiwang.kernel.errors import BadInput
from yiwang.seal import keys, recovery

HERE = Path(__file__).parent
VECTORS: dict[str, Any] = json.loads((HERE / "recovery_vectors.json").read_text(encoding="utf-8"))
BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"

# GF(32) by tables of powers of x modulo x^5 + x^2 + 1
POWERS = [1]
while len(POWERS) < 31:
    double = POWERS[-1] << 1
    POWERS.append(double ^ 0b100101 if double & 0b100000 else double)


def check_by_tables(number: int, part: str) -> str:
    total = number
    for power, char in enumerate(part, 1):
        value = BECH32.index(char)
        if value:
            total ^= POWERS[(POWERS.index(value) + power) % 31]
    return BECH32[total]


@pytest.mark.parametrize("key", VECTORS["keys"], ids=lambda key: key["recipient"][:12])
def test_groups_are_those_of_the_vectors(key: dict[str, Any]) -> None:
    assert list(recovery.groups(key["identity"])) == key["groups"]
    text = "".join(group[:4] for group in key["groups"])
    assert "AGE-SECRET-KEY-1" + text[:58] == key["identity"]
    digest = int.from_bytes(hashlib.sha256(b"yiwang/recovery/v1\n" + key["identity"].encode()).digest()[:2], "big") >> 6
    assert text[58:] == BECH32[digest >> 5] + BECH32[digest & 31]
    assert [check_by_tables(n, group[:4]) for n, group in enumerate(key["groups"], 1)] == [group[4] for group in key["groups"]]


@pytest.mark.parametrize("case", VECTORS["typed"], ids=lambda case: case["as"])
def test_what_is_typed(case: dict[str, Any]) -> None:
    if "identity" in case:
        assert recovery.identity_of(case["typed"]) == case["identity"] == recovery.identity_from(case["typed"])
        return
    with pytest.raises(BadInput) as caught:
        recovery.identity_from(case["typed"])
    zh, en = caught.value.reasons[0].message.zh, caught.value.reasons[0].message.en
    named = [int(number) for number in re.findall(r"\d+", re.sub(r"恢复单.*是 \d+ 个", "", zh))]
    assert named == case["groups"]
    assert all(str(number) in en for number in case["groups"])


def test_key_files_and_scanned_lines_are_read_too() -> None:
    key = keys.new_custodian_key()
    file = f"# 一网 保管人密钥\n# public key: {key.recipient}\n{key.identity}\n"
    assert recovery.identity_from(file) == recovery.identity_from(key.identity) == recovery.identity_from(key.identity.lower()) == key.identity
    for text in ("", "hello", "# only a comment", "age1xyz"):
        with pytest.raises(BadInput):
            recovery.identity_from(text)


@given(st.integers(0, 74), st.sampled_from(BECH32), st.integers(0, 3))
def test_every_single_wrong_character_is_named(place: int, char: str, which: int) -> None:
    key = VECTORS["keys"][which]
    text = "".join(key["groups"])
    if text[place] == char:
        return
    with pytest.raises(BadInput) as caught:
        recovery.identity_of(text[:place] + char + text[place + 1 :])
    assert caught.value.reasons[0].message.zh == f"第 {place // 5 + 1} 组抄错了"


@given(st.integers(0, 14), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_two_places_changed_are_named(group: int, one: int, other: int, which: int) -> None:
    groups = list(VECTORS["keys"][which]["groups"])
    chars = list(groups[group])
    if chars[one] == chars[other]:
        return
    chars[one], chars[other] = chars[other], chars[one]
    groups[group] = "".join(chars)
    with pytest.raises(BadInput) as caught:
        recovery.identity_of(" ".join(groups))
    assert caught.value.reasons[0].message.zh == f"第 {group + 1} 组抄错了"


@pytest.mark.skipif(NODE is None or bool(WHY_NOT) or not (PACKAGES / "qr").is_dir(), reason=WHY_NOT or "node or the package qr is missing")
def test_the_browsers_module_does_the_same(tmp_path: Path) -> None:
    modules_in(tmp_path)
    shutil.copy(HERE / "recovery.test.mjs", tmp_path)
    shutil.copy(HERE / "recovery_vectors.json", tmp_path)
    done = subprocess.run([str(NODE), str(tmp_path / "recovery.test.mjs")], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip() == f"{len(VECTORS['keys'])} keys, {len(VECTORS['typed'])} typed"

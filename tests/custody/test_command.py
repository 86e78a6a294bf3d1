"""``yiwang custodian``: a key is made, printed, answered for and typed back on the custodian's own machine."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from pathlib import Path

from yiwang.seal import keys, recovery


def yiwang(*words: str, typed: str = "", lang: str = "zh") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "yiwang.cli", "--lang", lang, "custodian", *words]
    return subprocess.run(command, input=typed, capture_output=True, text=True, check=False)


def made(folder: Path) -> tuple[Path, str]:
    """A key file and its public key."""
    done = yiwang("new", "--tender", "YW2026-0001", "--out", str(folder / "custody.key"), "--json")
    assert done.returncode == 0, done.stderr
    return folder / "custody.key", json.loads(done.stdout)["recipient"]


def test_the_sheet_typed_back_gives_the_key(tmp_path: Path) -> None:
    key, recipient = made(tmp_path)
    identity = keys.identity_in(key.read_text())
    text = tmp_path / "sheet.txt"
    assert yiwang("print", "--key", str(key), "--tender", "YW2026-0001", "--body", "公证处", "--out", str(text)).returncode == 0
    assert stat.S_IMODE(text.stat().st_mode) == 0o600
    groups = re.findall(r"\d+\. ([A-Z0-9]{5})", text.read_text())
    assert groups == list(recovery.groups(identity)) and "公证处" in text.read_text()
    lines = "\n".join(" ".join(groups[at : at + 4]).lower() for at in range(0, 15, 4)) + "\n\n"
    typed = yiwang("release", "--typed", "--recipient", recipient, "--json", typed=lines)
    assert json.loads(typed.stdout) == {"identity": identity, "recipient": recipient}


def test_mistyped_groups_are_named_and_nothing_is_printed(tmp_path: Path) -> None:
    key, recipient = made(tmp_path)
    groups = list(recovery.groups(keys.identity_in(key.read_text())))
    groups[3] = groups[3][:-1] + ("Q" if groups[3][-1] != "Q" else "P")
    for lang, words in (("zh", "第 4 组抄错了"), ("en", "group 4 is mistyped")):
        done = yiwang("release", "--typed", "--recipient", recipient, typed=" ".join(groups), lang=lang)
        assert done.returncode == 2 and words in done.stderr and done.stdout == ""


def test_another_keys_sheet_is_refused(tmp_path: Path) -> None:
    _, recipient = made(tmp_path)
    other = recovery.groups(keys.new_custodian_key().identity)
    done = yiwang("release", "--typed", "--recipient", recipient, typed=" ".join(other))
    assert done.returncode == 2 and "这不是为本项目提供的密钥" in done.stderr and done.stdout == ""


def test_the_page_holds_everything_itself(tmp_path: Path) -> None:
    key, recipient = made(tmp_path)
    page = tmp_path / "sheet.html"
    assert yiwang("print", "--key", str(key), "--person", "<b>甲</b>", "--out", str(page)).returncode == 0
    text = page.read_text()
    assert "<svg" in text and recipient in text and "<b>甲</b>" not in text
    assert re.findall(r"https?://[^\s\"]+", text) == ["http://www.w3.org/2000/svg"]
    again = yiwang("print", "--key", str(key), "--out", str(page))
    assert again.returncode == 2 and "不会被覆盖" in again.stderr


def test_a_challenge_is_answered_from_text_or_file(tmp_path: Path) -> None:
    import base64

    key, recipient = made(tmp_path)
    nonce = bytes(range(32))
    text = "2026-03-02T01:00:00Z.abc." + base64.b64encode(keys.challenge(recipient, nonce)).decode()
    (tmp_path / "challenge").write_text(text)
    for given in (text, str(tmp_path / "challenge")):
        assert yiwang("answer", given, "--key", str(key)).stdout.strip() == nonce.hex()
    assert yiwang("answer", "no challenge!", "--key", str(key)).returncode == 2
    assert yiwang("release", "--key", str(key), "--typed", "--recipient", recipient).returncode == 2

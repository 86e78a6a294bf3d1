"""The command line of the verifier, by the standard library alone; ``yiwang verify`` uses the same functions."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text, language
from yiwang.verifier.report import Report
from yiwang.verifier.run import Unreadable, verify

GOOD, BAD, CANNOT = 0, 1, 2
"""Exit codes: all checks hold; one failed; a file cannot be read."""
REFUSAL = Text("核验一份拒收回执（迟到的投标），可重复", "check the signed refusal of a late bid; may be repeated")
NOTHING = Text("请给出案卷包，或用 --refusal 给出拒收回执", "name a dossier, or a refusal with --refusal")
HTML = Text("把报告写成一个网页文件（一个案卷包）", "write the report as one HTML file (of one dossier)")


def main(words: Sequence[str]) -> int:
    """Run the program ``yiwang-verify``; gives its exit code."""
    token = language.set("zh" if _locale().startswith("zh") else "en")
    try:
        parser = _parser()
        chosen = parser.parse_args(list(words))
        if chosen.lang:
            language.set(chosen.lang)
        if not chosen.dossiers and not chosen.refusal:
            parser.error(str(NOTHING))
        return run_all(
            chosen.dossiers, chosen.refusal or (), as_json=chosen.json, policy=chosen.policy, html=chosen.html
        )
    finally:
        language.reset(token)


def _parser() -> argparse.ArgumentParser:
    words = Text("核验案卷包：离线，不需要数据库和网络", "check dossiers: offline, no database, no network")
    parser = argparse.ArgumentParser("yiwang-verify", description=str(words))
    parser.add_argument("dossiers", nargs="*", metavar="DOSSIER")
    parser.add_argument("--refusal", action="append", metavar="FILE", help=str(REFUSAL))
    parser.add_argument("--json", action="store_true", help=str(Text("以 JSON 输出", "print JSON")))
    parser.add_argument(
        "--policy", metavar="FILE", help=str(Text("您信任的策略（C2SP tlog-policy）", "your policy (C2SP tlog-policy)"))
    )
    parser.add_argument("--html", metavar="FILE", help=str(HTML))
    parser.add_argument("--lang", choices=("zh", "en"), help=str(Text("消息语言", "language of messages")))
    return parser


def entry() -> None:
    """Entry point of the separate package."""
    sys.exit(main(sys.argv[1:]))


def run_all(
    paths: Sequence[str],
    refusals: Sequence[str],
    *,
    as_json: bool,
    policy: str | None = None,
    html: str | None = None,
) -> int:
    """Dossiers (:func:`run`) and signed refusals; gives the exit code, the worst of all files."""
    if not refusals:
        return run(paths, as_json=as_json, policy=policy, html=html)
    worst = run(paths, as_json=as_json, policy=policy, html=html) if paths else GOOD
    return max(worst, _refusals(refusals, as_json=as_json, policy=policy))


def _refusals(paths: Sequence[str], *, as_json: bool, policy: str | None) -> int:
    """Check signed refusals and print what they prove; with ``as_json`` one line of JSON, after the dossiers' line."""
    from yiwang.verifier.refusal import verify_refusal

    try:
        trusted = _policy(policy)
    except (OSError, YiwangError) as error:
        print(Text(f"✗ 策略文件无法使用：{error}", f"✗ the policy cannot be used: {error}"), file=sys.stderr)
        return CANNOT
    worst, shown = GOOD, []
    for path in paths:
        try:
            report = verify_refusal(path, trusted)
        except Unreadable as error:
            worst = CANNOT
            shown.append({"file": path, "ok": False, "error": {"zh": error.text.zh, "en": error.text.en}})
            if not as_json:
                print(f"✗ {path}: {error.text}", file=sys.stderr)
            continue
        worst = max(worst, GOOD if report.ok else BAD)
        shown.append({"file": path, **report.json()})
        if not as_json:
            print(f"{path}\n{report.plain()}")
    if as_json:
        print(json.dumps({"ok": worst == GOOD, "refusals": shown}, ensure_ascii=False))
    return worst


def run(paths: Sequence[str], *, as_json: bool, policy: str | None = None, html: str | None = None) -> int:
    """Verify each file and print the reports; gives the exit code, the worst of all files.

    Args:
        policy: path of the reader's own policy.
        html: path for the report of the only dossier as an HTML file.
    """
    if html is not None and len(paths) != 1:
        print(Text("✗ --html 一次只能核验一个案卷包", "✗ --html takes one dossier at a time"), file=sys.stderr)
        return CANNOT
    try:
        trusted = _policy(policy)
    except (OSError, YiwangError) as error:
        print(Text(f"✗ 策略文件无法使用：{error}", f"✗ the policy cannot be used: {error}"), file=sys.stderr)
        return CANNOT
    worst, shown = GOOD, []
    for path in paths:
        try:
            report = verify(path, trusted)
            if html is not None:
                _write(report, path, html)
        except Unreadable as error:
            worst = CANNOT
            shown.append({"file": path, "ok": False, "error": {"zh": error.text.zh, "en": error.text.en}})
            if not as_json:
                print(f"✗ {path}: {error.text}", file=sys.stderr)
            continue
        except OSError as error:
            print(Text(f"✗ 无法写入 {html}：{error}", f"✗ cannot write {html}: {error}"), file=sys.stderr)
            return CANNOT
        worst = max(worst, GOOD if report.ok else BAD)
        shown.append({"file": path, **report.json()})
        if not as_json:
            print(f"{path}\n{report.plain()}")
    if as_json:
        print(json.dumps(_document(shown), ensure_ascii=False))
    return worst


def _write(report: Report, path: str, html: str) -> None:
    from yiwang.kernel import moment
    from yiwang.verifier.page import page

    with Path(path).open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    made = page(report, file=Path(path).name, sha256=sha256, at=moment.now(), first=language.get())
    Path(html).write_text(made, "utf-8")


def _document(shown: list[dict[str, Any]]) -> dict[str, Any]:
    return {"ok": all(item["ok"] for item in shown), "dossiers": shown}


def _policy(path: str | None) -> Any:
    if path is None:
        return None
    from yiwang.tlog import policy

    return policy.parse(Path(path).read_bytes())


def _locale() -> str:
    names = ("YIWANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in names if os.environ.get(name)), "").lower()

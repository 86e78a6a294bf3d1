"""The report as one HTML file: no script, no request to anywhere, both languages, for screen and paper.

What the dossier says is hostile input: every text is made visible and escaped, and the page's own policy lets nothing load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Literal

from yiwang.kernel.moment import LOCAL
from yiwang.kernel.text import Language, Text
from yiwang.verifier.report import FAILED, LATER, OK, Event, Line, Report
from yiwang.verifier.safe import visible
from yiwang.verifier.witnesses import READER, Standing
from yiwang.verifier.words import beijing

CSS = Path(__file__).with_name("page.css")
_STATUS = {OK: Text("✓ 相符", "✓ holds"), FAILED: Text("✗ 不符", "✗ failed"), LATER: Text("– 不适用", "– not yet")}
_FINAL = ("opening.close", "opening.open", "award.decide", "award.notify", "contract.register", "tender.archive", "tender.fail",
          "tender.terminate")  # fmt: skip
"""Acts that settle something for good: their mark has the colour of the seal."""
_ORDER = Text(
    "次序以日志序号（#）为准；时刻为北京时间，由交易中心记录。",
    "The log index (#) decides the order; moments are Beijing time, as the center recorded them.",
)


def page(report: Report, *, file: str, sha256: str, at: datetime, first: Language = "zh") -> str:
    """The whole file.

    Args:
        file: name of the dossier's file.
        sha256: hex hash of that file.
        at: when it was verified.
        first: the language shown until the reader presses the other one.
    """
    title = " ".join(part for part in (report.tender, report.title) if part) or file
    body = "\n".join(_body(report, title, file, sha256, at))
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if first == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_safe(f'{title} · 核验报告 Verification report')}</title>\n<style>\n{CSS.read_text('utf-8')}</style>\n"
        f"</head>\n<body>\n{_tongue('zh', first)}\n{_tongue('en', first)}\n"
        f'<main class="page">\n{body}\n</main>\n</body>\n</html>\n'
    )


def _tongue(language: Literal["zh", "en"], first: str) -> str:
    name = {"zh": "中文", "en": "English"}[language]
    checked = " checked" if language == first else ""
    return f'<input class="tongue" type="radio" name="tongue" id="{language}" aria-label="{name}"{checked}>'


def _body(report: Report, title: str, file: str, sha256: str, at: datetime) -> Iterator[str]:
    yield '<div class="switch"><label for="zh" lang="">中文</label><label for="en" lang="">English</label></div>'
    yield f'<p class="over">{_both(Text("案卷包核验报告", "Verification of a dossier"))}</p>'
    yield f"<h1><bdi>{_safe(title)}</bdi></h1>"
    yield f'<p class="verdict {"ok" if report.ok else "failed"}">{"✓" if report.ok else "✗"} {_both(report.verdict)}</p>'
    if report.failed:
        yield _faults(report.failed)
    yield _facts(report, file, sha256, at)
    if report.standing and report.standing.witnesses:
        yield _witnesses(report.standing)
    if report.timeline:
        yield _section(Text("项目经过", "What happened"))
        yield f'<p class="hint">{_both(_ORDER)}</p>'
        yield f'<ol class="life">{"".join(_life(report.timeline))}</ol>'
    yield _section(Text("重算了什么", "What was recomputed"))
    yield "\n".join(map(_check, report.lines))
    yield _section(Text("以下仍需信任", "What remains a matter of trust"))
    yield f'<ul class="trust">{"".join(f"<li>{_both(text)}</li>" for text in report.trust)}</ul>'
    again = Text("任何人都可以再核验一遍，不需要联网：", "Anybody can do this again, without a network:")
    yield f'<p class="hint">{_both(again)} <code>yiwang-verify <bdi>{_safe(file)}</bdi></code></p>'


def _faults(failed: Iterable[Line]) -> str:
    rows = "".join(
        f"<h3>{_both(line.title)} <code>{_safe(line.id)}</code></h3>{_list(line.details)}" for line in failed
    )
    return f'<section class="faults"><h2>{_both(Text("不符之处", "What does not hold"))}</h2>{rows}</section>'


def _facts(report: Report, file: str, sha256: str, at: datetime) -> str:
    won = [event.says for event in report.timeline if event.act == "award.decide"]
    sure = any(line.id == "award" and line.status == OK for line in report.lines)
    rows = [(Text("中标结果", "Award"), f"<strong>{_both(won[-1])}</strong>")] if won and sure and report.ok else []
    rows += [
        (Text("案卷包", "Dossier"), f"<bdi>{_safe(file)}</bdi><br><code>SHA-256 {_safe(sha256)}</code>"),
        (Text("核验时间", "Verified"), _both(beijing(at))),
    ]
    if report.checkpoint:
        head = report.checkpoint
        said = Text(f"{head.origin}，{head.size} 条", f"{head.origin}, {head.size} entries")
        rows.append((Text("日志", "Log"), f"{_both(said)}<br><code>{head.root.hex()}</code>"))
    if report.standing:
        rows.append((Text("信任策略", "Policy"), _both(_policy(report.standing))))
    return "<dl>" + "".join(f"<dt>{_both(name)}</dt><dd>{value}</dd>" for name, value in rows) + "</dl>"


def _policy(found: Standing) -> Text:
    whose = Text("您给定的", "your own") if found.whose == READER else Text("本包自带的", "the dossier's own")
    if found.quorum == "none":
        return Text(f"{whose.zh}，不要求见证人", f"{whose.en}, asks for no witness")
    met = Text("已满足", "met") if found.met else Text("没有满足", "NOT met")
    return Text(f"{whose.zh}，法定人数 {found.quorum} {met.zh}", f"{whose.en}, quorum {found.quorum} {met.en}")


def _witnesses(found: Standing) -> str:
    head = "".join(f"<th>{_both(text)}</th>" for text in (Text("见证人", "Witness"), Text("见证时间", "Cosigned")))
    absent = Text("没有签名", "did not sign")
    rows = "".join(
        f"<tr><td><bdi>{_safe(each.name)}</bdi></td><td>{_both(beijing(each.cosigned) if each.cosigned else absent)}</td></tr>"
        for each in found.witnesses
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _life(events: Iterable[Event]) -> Iterator[str]:
    """Acts of the same kind that follow each other are one item."""
    for _, group in groupby(events, key=lambda event: (event.act, bool(event.hidden))):
        run = list(group)
        if run[0].hidden:
            count = run[0].hidden
            words = Text(f"{count} 个依法尚未公开的行为", f"{count} acts that are not public yet")
            yield f'<li class="unseen">{_both(words)}</li>'
        final = " final" if run[0].act in _FINAL else ""
        if len(run) == 1:
            yield f'<li class="one{final}">{_when(run[0])}<br>{_what(run[0])} {_index(run[0])}{_who(run[0])}</li>'
        else:
            rows = "".join(f"<li>{_index(each)} {_brief(each)} {_who(each, brief=True)}</li>" for each in run)
            yield f'<li class="many{final}">{_what(run[0], len(run))}<ol>{rows}</ol></li>'


def _when(event: Event) -> str:
    return f'<span class="when">{_both(beijing(event.at))}</span>'


def _brief(event: Event) -> str:
    return f'<span class="when">{event.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")}</span>'


def _what(event: Event, count: int = 1) -> str:
    times = f" × {count}" if count > 1 else ""
    name = Text(event.name.zh, event.name.en[:1].upper() + event.name.en[1:])
    return f'<span class="what">{_both(name)}{times}</span>'


def _index(event: Event) -> str:
    return f'<span class="index">#{event.index}</span>'


def _who(event: Event, *, brief: bool = False) -> str:
    who = f"<bdi>{_safe(event.who)}</bdi>" if event.who else ""
    says = _both(event.says) if event.says.zh or event.says.en else ""
    if brief:
        return " · ".join(part for part in (who, says) if part)
    role = _both(event.role)
    rest = " · ".join(part for part in (f"{role} {who}".strip(), says) if part)
    return f"<br>{rest}"


def _check(line: Line) -> str:
    mark = f'<span class="mark">{_both(_STATUS[line.status])}</span>'
    return (
        f'<div class="check {line.status}"><p class="title">{mark} {_both(line.title)} <code class="id">{_safe(line.id)}</code></p>'
        f'<p class="basis">{_both(line.basis)}</p>{_list(line.details)}</div>'
    )


def _list(details: Iterable[Text]) -> str:
    rows = "".join(f"<li>{_both(text)}</li>" for text in details)
    return f"<ul>{rows}</ul>" if rows else ""


def _section(title: Text) -> str:
    return f"<h2>{_both(title)}</h2>"


def _both(text: Text) -> str:
    if text.zh == text.en:
        return f"<bdi>{_safe(text.zh)}</bdi>"
    return f'<span lang="zh">{_safe(text.zh)}</span><span lang="en">{_safe(text.en)}</span>'


def _safe(text: str) -> str:
    return escape(visible(text))

"""What a page's HTML may not hold, and the words on its controls."""

from __future__ import annotations

import re
from html.parser import HTMLParser

LABELS = {"button", "label", "th", "nav", "h1", "h2", "h3", "h4", "legend", "summary", "dt", "title", "caption", "option"}
CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_ADDRESSES = {"src", "href", "action", "formaction", "srcset", "poster", "data"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """Reads a page: ``faults`` is what must not be in it, ``words`` what its labels and headings say."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.words: list[str] = []
        self.language = ""
        self.headings: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = found.get("lang", "")
        if tag == "script" and not found.get("src") and found.get("type") not in ("application/json", "application/ld+json"):
            self.faults.append("an inline script")
        if tag == "style" or "style" in found:
            self.faults.append(f"an inline style in <{tag}>: {found.get('style', '')[:60]}")
        self.faults += [f"{name} on <{tag}>" for name in found if name.startswith("on")]
        for name in _ADDRESSES & found.keys() - ({"href"} if found.get("rel") == "canonical" else set()):
            self._judge_address(tag, name, found[name])
        if tag == "h1":
            self.headings.append("")
        if tag not in _VOID:
            foreign = "lang" in found and tag != "html"
            self._open.append((tag, foreign))
        for name in ("aria-label", "title", "placeholder", "alt"):
            if found.get(name) and not self._foreign():
                self.words.append(found[name])

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        names = {name for name, _ in self._open}
        if "h1" in names and self.headings:
            self.headings[-1] += data
        if data.strip() and names & LABELS and not self._foreign():
            self.words.append(data.strip())

    def _foreign(self) -> bool:
        return any(foreign for _, foreign in self._open)

    def _judge_address(self, tag: str, name: str, value: str) -> None:
        if value.startswith("data:image/") and tag == "img":
            return
        loads = tag != "a"
        if loads and re.match(r"(?i)[a-z][a-z0-9+.-]*:|//", value):
            self.faults.append(f"<{tag} {name}> leads to another host: {value[:80]}")
        if re.match(r"(?i)javascript:", value):
            self.faults.append(f"<{tag} {name}> is a script")

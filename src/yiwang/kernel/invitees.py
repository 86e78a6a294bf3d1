"""How invitees are drawn by lot from a list of candidates: law/invitees.yaml (政府采购货物和服务招标投标管理办法 第14条).

The center draws by this page, the verifier checks by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.lawfile import law_path, read
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason

PURPOSE = "invitees"
"""What the public draw says it is for."""
PARTIES = ("center", "host")
"""Who gives a share."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way in which the list comes about.

    Attributes:
        times: the list holds at least so many times as many as are drawn.
        earlier: the list is whom an earlier prequalification admitted.
        ground: what must be written about it; None: nothing.
    """

    code: str
    name: Text
    times: int
    earlier: bool
    ground: Text | None


@dataclass(frozen=True, slots=True)
class InviteeLaw:
    """``least``: how many are drawn at least. ``watchers``: how many of the purchaser's staff watch at least."""

    least: int
    watchers: int
    article: str
    ways: dict[str, Way]

    def faults(self, way: str, listed: Sequence[str], number: int, watchers: int, ground: str) -> Iterator[Reason]:
        """What is unlawful about a list.

        Args:
            way: code of the way. listed: credit codes of the candidates. number: how many are drawn.
            watchers: how many of the purchaser's staff watch. ground: what was written.
        """
        found = self.ways.get(way)
        if found is None:
            names = [each.name for each in self.ways.values()]
            yield self._fault("way", Text(f"没有“{way}”这种产生方式", f"there is no way “{way}”"),
                              Text("、".join(t.zh for t in names), ", ".join(self.ways)))  # fmt: skip
            return
        if number < self.least:
            said = Text(f"抽取 {number} 家，应当抽取 {self.least} 家以上", f"{number} are drawn; the law asks for {self.least} at least")
            yield self._fault("number", said, Text(f"{self.least} 以上", f"{self.least} or more"))
        count, least = len(set(listed)), max(number, self.least) * found.times
        if count < least:
            zh, en = f"备选供应商 {count} 家，应当有 {least} 家以上", f"the list holds {count} candidates; it takes {least} at least"
            times = Text(f"拟抽取数的 {found.times} 倍：{least} 家以上", f"{found.times} times as many as are drawn: {least} or more")
            yield self._fault("candidates", Text(zh, en), times)
        if count != len(listed):
            yield self._fault("candidates", Text("同一供应商列了两次", "a supplier stands twice"), Text("每家只列一次", "each once"))
        if watchers < self.watchers:
            zh, en = f"在场监督的采购人工作人员 {watchers} 人", f"{watchers} of the purchaser's staff watch"
            few = Text(f"{zh}，不足 {self.watchers} 人", f"{en}, fewer than {self.watchers}")
            yield self._fault("watchers", few, Text(f"{self.watchers} 人以上", f"{self.watchers} or more"))
        if found.ground is not None and not ground.strip():
            yield self._fault("ground", Text(f"请写明{found.ground.zh}", f"say {found.ground.en}"), found.ground)

    def _fault(self, field: str, message: Text, passes: Text) -> Reason:
        return Reason(f"invitees.{field}", message, field=field, article=self.article, passes=passes)


def invitee_law() -> InviteeLaw:
    """The law, read again when its file has changed. LawFault when the file is wrong."""
    path = law_path("invitees.yaml")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, changed_ns: int) -> InviteeLaw:
    file = read(path)
    file.only((), ("version", "least", "watchers", "article", "source", "ways"))
    ways = {}
    for code in file.need(("ways",), dict):
        at = ("ways", code)
        file.only(at, ("name", "times", "earlier", "ground"))
        ground = file.text((*at, "ground")) if "ground" in file.data["ways"][code] else None
        ways[code] = Way(code, file.text((*at, "name")), file.need((*at, "times"), int), file.need((*at, "earlier"), bool), ground)
    return InviteeLaw(file.need(("least",), int), file.need(("watchers",), int), file.need(("article",), str), ways)

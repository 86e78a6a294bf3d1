"""What the log's side remembers of each witness from round to round: its last size, its connection, how it did."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

from yiwang.kernel.text import Text
from yiwang.witness.peer import Peer

State = Literal["cosigned", "waiting", "no_url", "unreachable", "busy", "refused", "ahead", "forked", "invalid"]
"""How a witness stands to a checkpoint.

``cosigned`` valid cosignature; ``waiting`` not answered yet; ``no_url`` the policy names no URL; ``unreachable`` no
connection or no answer; ``busy`` it says that it cannot now (a mirror still copying, disk full); ``refused`` it does
not know the log or its key; ``ahead`` it has seen a larger tree than ours: our log was set back; ``forked`` it says
that this tree does not continue the one it has seen; ``invalid`` its answer is not what it must be.
"""

STATE_TEXTS: dict[State, Text] = {
    "cosigned": Text("已见证", "cosigned"),
    "waiting": Text("等待答复", "waiting for its answer"),
    "no_url": Text("策略中没有网址", "no URL in the policy"),
    "unreachable": Text("联系不上", "cannot be reached"),
    "busy": Text("暂时不能见证", "cannot cosign now"),
    "refused": Text("不认识本日志", "does not know this log"),
    "ahead": Text("见过更大的日志：本日志被倒回", "has seen a larger log: this log was set back"),
    "forked": Text("称本日志与其所见不一致", "says this log does not continue what it saw"),
    "invalid": Text("答复无效", "gave an invalid answer"),
}

ALARMS: frozenset[State] = frozenset({"ahead", "forked", "invalid"})
"""States that a person must look at: not an outage, but a contradiction."""


@dataclass(frozen=True, slots=True)
class Report:
    """One witness (one key of the policy) in one round.

    ``size`` is the largest tree that it is known to have cosigned (None when unknown) and ``lag`` how many entries
    ours is beyond it; ``at`` is the time in its cosignature (POSIX seconds), ``drift`` that time minus our machine's;
    ``bounds`` between which seconds that difference surely lies, from the times of request and answer (a cosignature's
    time is in whole seconds); ``seconds`` how long the answer took; ``error`` what went wrong, for people.
    """

    name: str
    url: str
    state: State
    size: int | None = None
    lag: int | None = None
    at: int | None = None
    drift: int | None = None
    seconds: float = 0.0
    error: Text | None = None
    bounds: tuple[float, float] | None = None

    def text(self) -> Text:
        """One sentence for a page or a log."""
        text, why = STATE_TEXTS[self.state], self.error or Text("", "")
        lag = Text(f"，落后 {self.lag} 条", f", {self.lag} entries behind") if self.lag else Text("", "")
        note = Text(f"（{why.zh}）", f" ({why.en})") if self.error else Text("", "")
        return Text(f"{self.name}：{text.zh}{lag.zh}{note.zh}", f"{self.name}: {text.en}{lag.en}{note.en}")


class Memory:
    """Safe to use from many threads. Lives as long as the process; a witness's 409 answer corrects a lost size."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sizes: dict[tuple[str, str], int] = {}
        self._peers: dict[str, Peer] = {}
        self._reports: dict[str, dict[str, Report]] = {}

    def peer(self, url: str) -> Peer:
        """The connection to a URL; PolicyError when it is none."""
        with self._lock:
            if url not in self._peers:
                self._peers[url] = Peer(url)
            return self._peers[url]

    def size(self, url: str, origin: str) -> int | None:
        """The size that the witness at this URL is known to hold of a log."""
        with self._lock:
            return self._sizes.get((url, origin))

    def learn(self, url: str, origin: str, size: int) -> None:
        """Remember a size; it never goes back."""
        with self._lock:
            self._sizes[url, origin] = max(size, self._sizes.get((url, origin), 0))

    def note(self, origin: str, report: Report) -> None:
        """Keep a witness's latest report; a new round that still waits does not hide the last answer."""
        with self._lock:
            self._reports.setdefault(origin, {})[report.name] = report

    def reports(self, origin: str) -> dict[str, Report]:
        """The latest report of each witness of a log, those that came after the quorum too."""
        with self._lock:
            return dict(self._reports.get(origin, {}))

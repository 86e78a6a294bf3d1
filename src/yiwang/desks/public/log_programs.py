"""The programs that seal bids: what the log says of them, and what this center serves now."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.kernel.text import Text
from yiwang.modules.evidence import programs
from yiwang.modules.evidence.programs import Program, Published
from yiwang.seal.program import client_hash
from yiwang.ui import bundles
from yiwang.ui.shapes import Link, Tag
from yiwang.ui.tables import Column, table_of

COMMAND = "yiwang.seal"
FOR = {
    COMMAND: Text("命令行密封与开启（yiwang seal、yiwang custodian）", "sealing and opening on the command line"),
    "seal-worker.js": Text("网页里密封投标：实际加密的程序，回执写的就是它", "sealing a bid in the browser: what encrypts, named in receipts"),
    "bid-seal.js": Text("网页里密封投标", "sealing a bid in the browser"),
    "seal.js": Text("密封模块（供别的程序使用）", "the sealing module, for other programs"),
    "custody-key.js": Text("网页里生成和公布保管人密钥", "custodians' keys in the browser"),
    "sign-form.js": Text("网页里签名", "signing in the browser"),
    "check-page.js": Text("网页里核验", "checking in the browser"),
}
"""What the best known programs are for."""


@dataclass(frozen=True)
class Row:
    """A program: as the log has it last, and whether this center serves the same."""

    name: str
    what: Text | str
    sha256: str
    same: bool

    @property
    def tag(self) -> Tag:
        """Whether what is served is what the log says."""
        return Tag(Text("与日志一致", "as in the log"), "good") if self.same else Tag(Text("与日志不一致", "NOT as in the log"), "bad")


def show(request: HttpRequest) -> HttpResponse:
    """The newest publication beside what is served, and all earlier ones."""
    found = programs.published()
    served = {COMMAND: client_hash(), **{name: bundles.sha256_of(name) for name in bundles.names()}}
    rows = [_row(each, served) for each in (found[0].programs if found else ())]
    columns = [
        Column("name", Text("程序", "Program"), head=True),
        Column("what", Text("用来", "For")),
        Column("sha256", Text("日志上的 SHA-256", "SHA-256 on the log"), "hash"),
        Column("tag", Text("现在提供的", "What is served now"), "tag"),
    ]
    empty = Text("还没有公布：后台程序启动时公布。", "Nothing yet: the worker publishes them when it starts.")
    context = {
        "table": table_of(request, Text("最近一次公布", "Last published"), columns, rows, per_page=100, empty=empty),
        "newest": found[0] if found else None,
        "missing": sorted(served.keys() - {row.name for row in rows}) if found else [],
        "history": [(each, _address(each)) for each in found],
        "breadcrumbs": [Link(Text("公开日志", "Public log"), reverse("public:log")), Link(Text("密封程序", "Sealing programs"))],
    }
    return render(request, "desks/public/programs.html", context)


def _row(program: Program, served: dict[str, str]) -> Row:
    return Row(program.name, FOR.get(program.name, ""), program.sha256, served.get(program.name) == program.sha256)


def _address(published: Published) -> str:
    return reverse("public:evidence", args=[published.index]) if published.index is not None else ""

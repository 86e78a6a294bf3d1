"""``yiwang verify``: check dossiers; no database, no network."""

from __future__ import annotations

from pathlib import Path

import typer

from yiwang.kernel.text import Text

REFUSAL = Text("核验一份拒收回执（迟到的投标），可重复", "check the signed refusal of a late bid; may be repeated")
HELP = Text(
    "核验案卷包：逐条说明由什么重算出什么。退出码：0 相符，1 不符，2 无法读取",
    "check dossiers: each line says what was recomputed from what; exit codes: 0 all hold, 1 not, 2 unreadable",
)


def register(app: typer.Typer) -> None:
    """Add the command."""

    files = typer.Argument(None, metavar="DOSSIER...", help=str(Text("案卷包文件", "dossier files")))
    json_ = typer.Option(False, "--json", help=str(Text("以 JSON 输出", "print JSON")))
    own = typer.Option(
        None, "--policy", help=str(Text("您信任的策略文件（C2SP tlog-policy）", "your own policy (C2SP tlog-policy)"))
    )
    page = typer.Option(None, "--html", help=str(Text("把报告写成一个网页文件（一个案卷包）", "write the report as one HTML file (of one dossier)")))

    late = typer.Option(None, "--refusal", help=str(REFUSAL))

    @app.command(help=str(HELP))
    def verify(
        dossiers: list[Path] | None = files,
        refusal: list[Path] | None = late,
        as_json: bool = json_,
        policy: Path | None = own,
        html: Path | None = page,
    ) -> None:
        from yiwang.verifier.command import NOTHING, run_all

        if not dossiers and not refusal:
            raise typer.BadParameter(str(NOTHING))
        names, refusals = [str(path) for path in dossiers or ()], [str(path) for path in refusal or ()]
        chosen = {"policy": str(policy) if policy else None, "html": str(html) if html else None}
        raise typer.Exit(run_all(names, refusals, as_json=as_json, **chosen))

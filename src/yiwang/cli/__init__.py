"""The command line ``yiwang``. Each command is a file beside this one; see :mod:`yiwang.cli.lazy`."""

from __future__ import annotations

import os
import sys
import traceback

from yiwang.kernel.text import Language, Text, language

_ABOUT = Text(
    "一网：公共资源交易中心，结果人人可以重算",
    "yiwang: a public trading center whose results anyone can recompute",
)
_CODES = Text(
    "退出码：0 成功，1 核验不通过或被拒绝，2 用法或输入有误，3 环境未就绪，70 程序故障",
    "Exit codes: 0 done, 1 check failed or refused, 2 usage or bad input, 3 machine not ready, 70 fault of the program",
)


def chosen_language(words: list[str], environment: dict[str, str]) -> Language:
    """The language of messages: ``--lang``, else ``YIWANG_LANG``, else the locale.

    Chinese for a Chinese locale, English for any other; a machine without a locale may not be able to show Chinese.
    """
    for number, word in enumerate(words):
        if word == "--":
            break
        if word == "--lang" and number + 1 < len(words):
            return "en" if words[number + 1] == "en" else "zh"
        if word.startswith("--lang="):
            return "en" if word.endswith("en") else "zh"
    names = ("YIWANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    first = next((environment[name] for name in names if environment.get(name)), "")
    return "zh" if first.lower().startswith("zh") else "en"


def main() -> None:
    """Entry point of the program ``yiwang``."""
    language.set(chosen_language(sys.argv[1:], dict(os.environ)))
    import typer

    from yiwang.cli.codes import ENVIRONMENT, FAULT
    from yiwang.cli.lazy import LazyGroup

    app = typer.Typer(
        cls=LazyGroup,
        name="yiwang",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # plain help pages: three times as fast
        help=str(_ABOUT),
        epilog=str(_CODES),
    )

    @app.callback()
    def root(
        version: bool = typer.Option(False, "--version", help=str(Text("版本", "the version"))),
        lang: str = typer.Option(language.get(), "--lang", help=str(Text("消息语言：zh 或 en", "language: zh or en"))),
    ) -> None:
        if lang not in ("zh", "en"):
            raise typer.BadParameter(str(Text("请用 zh 或 en", "use zh or en")), param_hint="--lang")

    if sys.argv[1:] == ["--version"]:
        from yiwang import __version__

        print(f"yiwang {__version__}")
        return
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno is None or error.filename is None:
            traceback.print_exc()
            sys.exit(FAULT)
        print(f"✗ {error.filename}: {error.strerror}", file=sys.stderr)
        sys.exit(ENVIRONMENT)
    except Exception:
        traceback.print_exc()
        sys.exit(FAULT)

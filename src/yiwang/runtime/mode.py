"""In which mode this installation runs, and under which names."""

from __future__ import annotations

import os

from yiwang.kernel.text import Text
from yiwang.runtime.notready import not_ready

MODES = ("demo", "production")


def is_production() -> bool:
    """True when ``YIWANG_MODE`` is ``production``; the default is ``demo``.

    Raises:
        NotReady: it is any other word: a slip of the pen must not open a real center in demo mode.
    """
    mode = os.environ.get("YIWANG_MODE") or "demo"
    if mode not in MODES:
        raise not_ready(
            "mode",
            f"YIWANG_MODE 不能是“{mode}”",
            f"YIWANG_MODE cannot be “{mode}”",
            passes=Text("用 demo 或 production", "use demo or production"),
        )
    return mode == "production"


def host_names(*, production: bool) -> list[str]:
    """The names under which the site is reached (``YIWANG_HOSTS``, separated by commas).

    Raises:
        NotReady: production without a name, or with ``*``.
    """
    names = [name.strip() for name in os.environ.get("YIWANG_HOSTS", "").split(",") if name.strip()]
    if production and (not names or "*" in names):
        raise not_ready(
            "hosts",
            "生产环境必须用 YIWANG_HOSTS 写明网站域名",
            "production needs the site's names in YIWANG_HOSTS",
            passes=Text("例如 YIWANG_HOSTS=ggzy.example.gov.cn", "such as YIWANG_HOSTS=ggzy.example.gov.cn"),
        )
    return names

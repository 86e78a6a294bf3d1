"""DATABASE_URL: read, checked, and turned into what Django takes."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from yiwang.kernel.text import Text
from yiwang.runtime.notready import NotReady, not_ready

EXAMPLE = "postgresql://user:password@host:5432/yiwang"
_SCHEMES = ("postgresql", "postgres")


def django_database(url: str) -> dict[str, Any]:
    """The entry of Django's DATABASES for a URL such as :data:`EXAMPLE`; further settings follow the ``?``.

    Raises:
        NotReady: it is no URL of a PostgreSQL database; names what is wrong. The password is never repeated.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _wrong("端口不是数字", "its port is not a number") from None
    if parts.scheme not in _SCHEMES:
        raise _wrong("它必须以 postgresql:// 开头", "it must begin with postgresql://")
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise _wrong("缺少数据库名", "it names no database")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or options.pop("port", "") or ""),
        "OPTIONS": options,
    }


def _wrong(zh: str, en: str) -> NotReady:
    return not_ready(
        "database_url",
        f"DATABASE_URL 有误：{zh}",
        f"DATABASE_URL is wrong: {en}",
        passes=Text(
            f"形如 {EXAMPLE}；或删去它，使用自带数据库", f"such as {EXAMPLE}; or unset it to use the built-in database"
        ),
    )

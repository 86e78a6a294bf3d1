"""The secret key with which sessions and forms are signed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from yiwang.kernel.text import Text
from yiwang.runtime.notready import not_ready

_SHORTEST = 50


def secret_key(data: Path, *, production: bool) -> str:
    """``YIWANG_SECRET_KEY``; outside production, else the key kept in the data folder, made at first use (mode 0600).

    Raises:
        NotReady: production without a key of at least 50 characters, or the folder cannot be written.
    """
    given = os.environ.get("YIWANG_SECRET_KEY", "")
    if given and (len(given) >= _SHORTEST or not production):
        return given
    if production:
        raise not_ready(
            "secret_key",
            f"生产环境必须设置 YIWANG_SECRET_KEY（至少 {_SHORTEST} 个字符）",
            f"production needs YIWANG_SECRET_KEY with at least {_SHORTEST} characters",
            passes=Text("可用 python3 -c 'import secrets; print(secrets.token_urlsafe(64))' 生成",
                        "make one: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"),
        )  # fmt: skip
    path = data / "secret.key"
    try:
        return _read(path) or _made(path)
    except OSError as error:
        raise not_ready(
            "unwritable",
            f"无法使用数据文件夹 {data}（{error.strerror}）",
            f"the data folder {data} cannot be used ({error.strerror})",
            passes=Text("改正其权限，或用 YIWANG_DATA 另选一个", "mend its rights, or choose another in YIWANG_DATA"),
        ) from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _made(path: Path) -> str:
    """Write a fresh key under a temporary name and link it, so that two processes agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, f"{secrets.token_urlsafe(64)}\n".encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return _read(path)

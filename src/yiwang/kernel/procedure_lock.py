"""No version of a procedure is changed in place: the digest of each stands in ``law/procedures/lock.json``.

In a center's own folder of law the lock also holds its clock rules (``clock.<id>``) and formulas (``formula.<id>.v<N>``).

The digest is of the whole content, bases included, so that a change of a base shows in every procedure built on it. To
change a procedure: :func:`begin_version` keeps the present version under ``past/`` and raises the number; then edit.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from yiwang.kernel import canonical, lawfile, procedure_versions
from yiwang.kernel.errors import Refused
from yiwang.kernel.procedure_file import merged
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason


def digest(path: Path, folder: Path | None = None) -> str:
    """SHA-256 of the canonical JSON of a procedure's whole content."""
    return canonical.digest(_plain(merged(path, folder).data))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def present(folder: Path) -> dict[str, str]:
    """The digest of every version that the folder holds, by ``<id>.v<N>``."""
    found = {}
    for name, path in sorted(procedure_versions.files(folder).items()):
        found[f"{name}.v{merged(path, folder).need(('version',), int)}"] = digest(path, folder)
    for path in sorted((folder / "past").glob("*.yaml")):
        found[path.stem] = digest(path, folder)
    return found | (_beside(folder.parent) if folder.name == "procedures" and lawfile.is_own(folder) else {})


def _beside(own: Path) -> dict[str, str]:
    """The digests of a center's own clock rules and formulas."""
    found = {}
    clock = own / "clock.yaml"
    for row in lawfile.read(clock).need(("rules",), list) if clock.is_file() else ():
        found[f"clock.{row['id']}"] = canonical.digest(_plain(row))
    for path in sorted((own / "formulas").glob("*.yaml")):
        file = lawfile.read(path)
        found[f"formula.{path.stem}.v{file.need(('version',), int)}"] = canonical.digest(_plain(file.data))
    return found


def locked(folder: Path) -> dict[str, str]:
    """The digests as locked; empty when there is no lock yet."""
    place = folder / "lock.json"
    found: dict[str, str] = json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}
    return found


def changed(folder: Path) -> tuple[Reason, ...]:
    """Why the folder departs from its lock: a version changed, lost, or not yet locked."""
    now, then = present(folder), locked(folder)
    found = []
    for name in sorted({*now, *then}):
        if name not in now:
            found.append(_reason(name, "版本不见了", "this version is gone"))
        elif name not in then:
            found.append(_reason(name, "尚未锁定，请运行 yiwang law lock", "not locked yet: run yiwang law lock"))
        elif now[name] != then[name] and name.startswith("clock."):
            found.append(
                _reason(
                    name,
                    "规则改了；旧行写明 ended，另加一行新编号的规则",
                    "this rule was changed: end the old row by “ended” and add a row of another id",
                )
            )
        elif now[name] != then[name]:
            found.append(
                _reason(
                    name,
                    "内容改了，版本号没有改；先运行 yiwang law new-version",
                    "changed without a new version; run yiwang law new-version first",
                )
            )
    return tuple(found)


def _reason(name: str, zh: str, en: str) -> Reason:
    return Reason("procedure.lock", Text(f"{name}：{zh}", f"{name}: {en}"), field=name)


def lock(folder: Path) -> tuple[str, ...]:
    """Lock every version that is not locked yet; the names added.

    Raises:
        Refused: a locked version was changed or is gone.
    """
    now, then = present(folder), locked(folder)
    faults = [reason for reason in changed(folder) if reason.field in then]
    if faults:
        raise Refused(*faults)
    (folder / "lock.json").write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return tuple(sorted(set(now) - set(then)))


def begin_version(procedure_id: str, folder: Path | None = None) -> tuple[str, ...]:
    """Keep the present version of a procedure, and of those built on it, under ``past/``, and raise their numbers.

    Returns:
        The names kept. Edit the files afterwards, then :func:`lock`.

    Raises:
        BadInput: no such procedure. Refused: it was edited already, or is not locked.
    """
    place = folder or lawfile.law_path("procedures")
    names = [procedure_id, *_built_on(procedure_id, place)]
    faults = [reason for reason in changed(place) if reason.field.rsplit(".v", 1)[0] in names]
    if faults:
        raise Refused(*faults)
    kept = []
    for name in names:
        version = procedure_versions.load(name, folder=place).version
        content = merged(place / f"{name}.yaml", place).data
        (place / "past").mkdir(exist_ok=True)
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
        (place / "past" / f"{name}.v{version}.yaml").write_text(text, encoding="utf-8")
        kept.append(f"{name}.v{version}")
        _raise_number(place / f"{name}.yaml", version + 1)
    return tuple(kept)


def _built_on(procedure_id: str, folder: Path) -> list[str]:
    from yiwang.kernel.procedure_base import chain

    def find(name: str) -> Path | None:
        path = folder / f"{name}.yaml"
        return path if path.is_file() else None

    base = find(procedure_id)
    return [
        name
        for name, path in sorted(procedure_versions.files(folder).items())
        if name != procedure_id and base in chain(path, find)
    ]


def _raise_number(path: Path, version: int) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^version: *[0-9]+", f"version: {version}", text, count=1), encoding="utf-8")

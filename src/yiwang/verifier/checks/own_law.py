"""Check on whose text the procedure is: the program's own, or documents in the dossier that the log binds by their hashes."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel import own_law
from yiwang.kernel.text import Text
from yiwang.verifier.dossier import LAW, Dossier
from yiwang.verifier.report import Outcome, later, outcome


def procedure(dossier: Dossier) -> Outcome:
    """Each document of a procedure of the center's own is the one named on the log; entry and notice name the same."""
    if not dossier.facts:
        return later("招标公告尚未公开", "the notice is not public yet")
    named: dict[str, str] = dossier.facts.get("law", {})
    faults = [*_files(dossier, named), *_said_elsewhere(dossier, named)]
    if faults:
        return outcome(faults, Text("", ""))
    law, version = dossier.law, dossier.facts.get("procedure_version", 1)
    if (law.id, law.version) != (dossier.facts["procedure"], version):
        return outcome([Text(f"{LAW}：不是公告载明的第 {version} 版", f"{LAW}: is not version {version}, which the notice names")], Text("", ""))
    if not named:
        return outcome([], Text(f"软件自带的“{law.name.zh}”第 {version} 版", f"“{law.name.en}”, version {version}, as it comes with this program"))
    files = "、".join(f"{LAW}{name}" for name in sorted(named))
    return outcome([], Text(
        f"中心自定的采购方式“{law.name.zh}”第 {version} 版，不是软件自带的；全文在案卷包内：{files}",
        f"own procedure of the center, not of this program: “{law.name.en}”, version {version}; its text is in the dossier: {files}",
    ))  # fmt: skip


def _files(dossier: Dossier, named: dict[str, str]) -> Iterator[Text]:
    have = {name.removeprefix(LAW): entry.sha256 for name, entry in dossier.archive.entries.items() if name.startswith(LAW)}
    for name in sorted({*named, *have}):
        if name not in named:
            yield Text(f"{LAW}{name}：没有行为载明这个文件", f"{LAW}{name}: no act names this file")
        elif not own_law.NAME.fullmatch(name):
            yield Text(f"{LAW}{name}：采购方式没有这种文件", f"{LAW}{name}: no document of a procedure")
        elif name not in have:
            yield Text(f"{LAW}{name} 缺失", f"{LAW}{name} is missing")
        elif have[name] != named[name]:
            yield Text(f"{LAW}{name}：不是进场登记时的文件", f"{LAW}{name}: is not the file of the entry; its SHA-256 is another")


def _said_elsewhere(dossier: Dossier, named: dict[str, str]) -> Iterator[Text]:
    for act in (act for name in ("tender.enter", "tender.publish", "tender.invite") for act in dossier.all(name)):
        if act.subject == dossier.chain and act.public.get("law", {}) != named:
            yield Text(f"{act}：载明的采购方式文本与公告不同", f"{act}: names another text of the procedure than the notice")

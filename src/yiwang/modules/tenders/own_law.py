"""The documents of a procedure of the center's own: kept with the tender's files, bound by their hashes on the log."""

from __future__ import annotations

from yiwang.kernel import own_law
from yiwang.kernel.errors import Refused
from yiwang.kernel.procedures import Procedure
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import files
from yiwang.modules.tenders.models import Tender


def kept(law: Procedure) -> dict[str, str]:
    """Keep the documents of a procedure; the SHA-256 of each, by name. None for a procedure that comes with the program.

    Raises:
        Refused: tenders were entered under this version with another text: a version is not changed in place.
    """
    found = own_law.documents(law.id, law.version)
    hashes = {name: files.store([data], field="procedure").sha256 for name, data in found.items()}
    before = Tender.objects.filter(procedure=law.id, procedure_version=law.version).exclude(law=hashes).order_by("pk").first()
    if before is None:
        return hashes
    changed = [name for name in sorted({*hashes, *before.law}) if hashes.get(name) != before.law.get(name)]
    message = Text(
        f"“{law.name.zh}”第{law.version}版已有项目（{before.number}）进场，内容却改了：{'、'.join(changed)}",
        f"version {law.version} of “{law.name.en}” was changed after a tender ({before.number}) began under it: {', '.join(changed)}",
    )
    passes = Text("恢复原文，或者运行 yiwang law new-version 再改", "put the text back, or run yiwang law new-version and edit then")
    raise Refused(Reason("procedure.changed", message, field="procedure", passes=passes))

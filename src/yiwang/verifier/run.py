"""Verifying one dossier: read it, run every check, report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.seal.shapes import ShapeError, fields, read_canonical
from yiwang.verifier import archive as archives
from yiwang.verifier import dossier as forms
from yiwang.verifier import trust
from yiwang.verifier.archive import Archive, NotCanonical, Unreadable
from yiwang.verifier.catalogue import CHECKS, Check
from yiwang.verifier.dossier import Dossier
from yiwang.verifier.report import FAILED, Line, Outcome, Report, outcome

if TYPE_CHECKING:
    from yiwang.tlog.policy import Policy

__all__ = ["Unreadable", "verify"]


ARCHIVE = (
    Text("案卷包完整", "the archive is whole"),
    Text(
        "由文件内容重新算出压缩包的每个字节、清单的每个 SHA-256",
        "from the contents: every byte of the archive, every SHA-256 of the manifest",
    ),
)
SIGNED = (
    Text("日志检查点的签名", "the log's checkpoint is signed"),
    Text(
        "由日志公钥核对检查点（Ed25519 和 ML-DSA-44）",
        "from the log's keys: both signatures of the checkpoint (Ed25519, ML-DSA-44)",
    ),
)
READABLE = (
    Text("行为与证明可读", "acts and proofs can be read"),
    Text("acts.json、proofs.json 的形式", "the form of acts.json and proofs.json"),
)
TRUSTED = (Text("符合您的信任策略", "your policy is satisfied"),
           Text("由您给定的策略核对检查点的签名和见证", "from the policy that you gave: signatures and witnesses of the checkpoint"))  # fmt: skip


def verify(path: Path | str, policy: Policy | None = None) -> Report:
    """Check a dossier at any stage of a tender's life, offline.

    Args:
        path: the dossier's file.
        policy: whom the reader trusts (C2SP tlog-policy); None: the log's keys as they stand in the dossier.

    Raises:
        Unreadable: no such file, or not a zip file.
    """
    try:
        archive = archives.read(Path(path))
    except NotCanonical as error:
        return Report("", "", (Line("archive", *ARCHIVE, FAILED, (error.text,)),), (*_trust(policy),))
    lines: list[Line] = []
    with archive:
        dossier = _read(archive, lines, policy)
        if dossier is None:
            return Report("", "", tuple(lines), (*_trust(policy),))
        lines.extend(_run(check, dossier) for check in CHECKS)
        return Report(dossier.tender, str(dossier.facts.get("title", "")), tuple(lines), (*_trust(policy),))


def _trust(policy: Policy | None) -> Iterator[Text]:
    if policy is None:
        yield trust.OWN_KEY
    if policy is None or policy.quorum == "none":
        yield trust.NO_WITNESS
    yield from trust.CANNOT_TELL


def _read(archive: Archive, lines: list[Line], policy: Policy | None) -> Dossier | None:
    """Read the files that everything rests on; None when one of them cannot be read."""
    manifest, faults = _manifest(archive)
    lines.append(
        _line("archive", ARCHIVE, faults, Text(f"{len(archive.entries)} 个文件", f"{len(archive.entries)} files"))
    )
    try:
        note, vkeys, own = (archive.read(name) for name in (forms.CHECKPOINT, forms.VKEYS, forms.POLICY))
        checkpoint = trust.open_by_own_keys(note, vkeys, own)
        if manifest and manifest["size"] != checkpoint.size:
            raise trust.Fault(forms.MANIFEST, "日志大小与检查点不符", "its log size is not that of the checkpoint")
        said = Text(f"{checkpoint.origin}，{checkpoint.size} 条", f"{checkpoint.origin}, {checkpoint.size} entries")
        lines.append(_line("checkpoint", SIGNED, [], said))
    except (trust.Fault, KeyError) as error:
        lines.append(_line("checkpoint", SIGNED, [_text_of(error)], Text("", "")))
        return None
    if policy is not None:
        lines.append(_by_policy(note, policy))
    try:
        acts, hidden = forms.read_acts(archive.read(forms.ACTS))
        proofs = fields(read_canonical(archive.read(forms.PROOFS)), "proofs", {"inclusion": dict, "consistency": dict})
    except (ShapeError, KeyError) as error:
        fault = forms.unsound("acts.json / proofs.json", error)
        lines.append(_line("acts", READABLE, [fault], Text("", "")))
        return None
    return Dossier(archive, str(manifest.get("tender", "")), acts, hidden, proofs, checkpoint)


def _by_policy(note: bytes, policy: Policy) -> Line:
    try:
        policy.open(note)
    except YiwangError as error:
        return _line("policy", TRUSTED, [reason.message for reason in error.reasons], Text("", ""))
    return _line("policy", TRUSTED, [], Text(f"法定人数 {policy.quorum}", f"quorum {policy.quorum}"))


def _manifest(archive: Archive) -> tuple[dict[str, Any], list[Text]]:
    """The manifest, and all files that are not as it says; {} when it cannot be read."""
    try:
        manifest = forms.read_manifest(archive.read(forms.MANIFEST))
    except (ShapeError, KeyError) as error:
        return {}, [forms.unsound(forms.MANIFEST, error)]
    listed, have = manifest["files"], {name: entry for name, entry in archive.entries.items() if name != forms.MANIFEST}
    faults = [Text(f"{name} 缺失", f"{name} is missing") for name in sorted({*listed, *forms.FIXED} - have.keys())]
    faults += [
        Text(f"{name} 不在清单 manifest.json 中", f"{name} is not in manifest.json")
        for name in sorted(have.keys() - listed.keys())
    ]
    for name in sorted(listed.keys() & have.keys()):
        if (listed[name]["size"], listed[name]["sha256"]) != (have[name].size, have[name].sha256):
            faults.append(
                Text(
                    f"{name}：内容与清单 manifest.json 的 SHA-256 不符",
                    f"{name}: its content does not give the SHA-256 of manifest.json",
                )
            )
    known = ("/", *forms.FIXED)
    faults += [
        Text(f"{name}：案卷包没有这种文件", f"{name}: no file of a dossier")
        for name in sorted(have)
        if "/" not in name and name not in known
    ]
    if forms.README_NAME in have and archive.read(forms.README_NAME) != forms.README.encode():
        faults.append(Text(f"{forms.README_NAME}：不是规定的内容", f"{forms.README_NAME}: is not the prescribed text"))
    return manifest, faults


def _text_of(error: Exception) -> Text:
    return error.text if isinstance(error, trust.Fault) else Text(f"缺少 {error}", f"{error} is missing")


def _line(name: str, words: tuple[Text, Text], faults: list[Text], fine: Text) -> Line:
    found = outcome(faults, fine)
    return Line(name, *words, found.status, found.details)


def _run(check: Check, dossier: Dossier) -> Line:
    """Run one check; content that makes it impossible is a fault of the dossier, not of the program."""
    try:
        found = check.run(dossier)
    except YiwangError as error:
        found = Outcome(FAILED, tuple(reason.message for reason in error.reasons))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, StopIteration) as error:
        kind = type(error).__name__
        found = Outcome(
            FAILED,
            (
                Text(
                    f"内容残缺，无法重算（{kind}：{error}）", f"what it needs is missing or malformed ({kind}: {error})"
                ),
            ),
        )
    return Line(check.id, check.title, check.basis, found.status, found.details)

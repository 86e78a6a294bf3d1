"""Verifying one dossier: read it, run every check, report."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.seal.shapes import ShapeError, fields, read_canonical
from yiwang.verifier import archive as archives
from yiwang.verifier import dossier as forms
from yiwang.verifier import trust, witnesses
from yiwang.verifier.archive import Archive, NotCanonical, Unreadable
from yiwang.verifier.catalogue import CHECKS, Check
from yiwang.verifier.dossier import Act, Dossier, Hidden
from yiwang.verifier.readme import EARLIER, README
from yiwang.verifier.report import FAILED, Line, Outcome, Report, outcome
from yiwang.verifier.timeline import timeline
from yiwang.verifier.trust import Trusted
from yiwang.verifier.witnesses import Standing

if TYPE_CHECKING:
    from yiwang.tlog.checkpoint import SignedCheckpoint
    from yiwang.tlog.policy import Policy

__all__ = ["Unreadable", "verify"]
README_SHA256 = hashlib.sha256(README.encode()).hexdigest()


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
TRUSTED = (Text("信任策略与见证人", "trust policy and witnesses"),
           Text("由您给定的策略（没有给定时由本包自带的策略）核对检查点的签名和见证",
                "from the policy that you gave (else the dossier's own): signatures and witnesses of the checkpoint"))  # fmt: skip


def verify(path: Path | str, policy: Policy | None = None) -> Report:
    """Check a dossier at any stage of a tender's life, offline.

    Args:
        path: the dossier's file.
        policy: whom the reader trusts (C2SP tlog-policy); None: keys and policy as they stand in the dossier.

    Raises:
        Unreadable: no such file, or not a zip file.
    """
    try:
        archive = archives.read(Path(path))
    except NotCanonical as error:
        return Report("", "", (Line("archive", *ARCHIVE, FAILED, (error.text,)),), (*trust.remains(None, policy),))
    with archive:
        return _report(archive, policy)


def _report(archive: Archive, reader: Policy | None) -> Report:
    manifest, faults = _manifest(archive)
    lines = [_line("archive", ARCHIVE, faults, Text(f"{len(archive.entries)} 个文件", f"{len(archive.entries)} files"))]
    opened = _checkpoint(archive, manifest, lines)
    left = tuple(trust.remains(opened[0].policy if opened else None, reader))
    if opened is None:
        return Report("", "", tuple(lines), left)
    trusted, signed = opened
    standing = _standing(archive, trusted, signed, reader, lines)
    read = _acts(archive, lines)
    if read is None:
        return Report("", "", tuple(lines), left, signed.checkpoint, standing)
    dossier = Dossier(archive, str(manifest.get("tender", "")), *read, signed.checkpoint, trusted, reader)
    lines.extend(_run(check, dossier) for check in CHECKS)
    left += (trust.OWN_PROCEDURE,) if dossier.facts.get("law") else ()
    title = str(dossier.facts.get("title", ""))
    return Report(dossier.tender, title, tuple(lines), left, signed.checkpoint, standing, timeline(dossier))


def _checkpoint(
    archive: Archive, manifest: dict[str, Any], lines: list[Line]
) -> tuple[Trusted, SignedCheckpoint] | None:
    """The dossier's keys and policy and the checkpoint that they signed; None when a file of these is unsound."""
    try:
        note, vkeys, policy = (archive.read(name) for name in (forms.CHECKPOINT, forms.VKEYS, forms.POLICY))
        trusted = trust.read_own(vkeys, policy)
        signed = trusted.open(forms.CHECKPOINT, note)
        if manifest and manifest["size"] != signed.checkpoint.size:
            raise trust.Fault(forms.MANIFEST, "日志大小与检查点不符", "its log size is not that of the checkpoint")
    except (trust.Fault, KeyError) as error:
        lines.append(_line("checkpoint", SIGNED, [_text_of(error)], Text("", "")))
        return None
    head = signed.checkpoint
    said = Text(f"{head.origin}，{head.size} 条", f"{head.origin}, {head.size} entries")
    lines.append(_line("checkpoint", SIGNED, [], said))
    return trusted, signed


def _standing(
    archive: Archive, trusted: Trusted, signed: SignedCheckpoint, reader: Policy | None, lines: list[Line]
) -> Standing:
    """How the checkpoint stands with the reader's policy, or with the dossier's own when none was given."""
    try:
        if reader is None:
            found = witnesses.standing(signed, trusted.policy, witnesses.DOSSIER)
        else:
            found = witnesses.by_reader(archive.read(forms.CHECKPOINT), reader)
        lines.append(_line("policy", TRUSTED, witnesses.faults(found), witnesses.said(found)))
    except trust.Fault as fault:
        assert reader is not None
        found = witnesses.unmet(reader)
        lines.append(_line("policy", TRUSTED, [fault.text], Text("", "")))
    return found


def _acts(archive: Archive, lines: list[Line]) -> tuple[list[Act], list[Hidden], dict[str, Any]] | None:
    """Acts, hidden acts and proofs; None when their files cannot be read."""
    try:
        proofs = fields(read_canonical(archive.read(forms.PROOFS)), "proofs", {"inclusion": dict, "consistency": dict})
        return *forms.read_acts(archive.read(forms.ACTS)), proofs
    except (ShapeError, KeyError) as error:
        fault = forms.unsound("acts.json / proofs.json", error)
        lines.append(_line("acts", READABLE, [fault], Text("", "")))
        return None


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
    folders = (forms.DOCUMENTS, forms.BIDS, forms.WITNESSED, forms.LAW)
    faults += [
        Text(f"{name}：案卷包没有这种文件", f"{name}: no file of a dossier")
        for name in sorted(have)
        if name not in forms.FIXED and not name.startswith(folders)
    ]
    readme = have[forms.README_NAME].sha256 if forms.README_NAME in have else README_SHA256
    if readme != README_SHA256 and readme not in EARLIER:
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
    except Exception as error:
        kind = type(error).__name__
        said = Text(
            f"内容残缺，无法重算（{kind}：{error}）", f"what it needs is missing or malformed ({kind}: {error})"
        )
        found = Outcome(FAILED, (said,))
    return Line(check.id, check.title, check.basis, found.status, found.details)

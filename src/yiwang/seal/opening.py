"""Opening sealed bids with the custodians' published keys; each failure has a cause and a side at fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from yiwang.kernel.errors import BadInput
from yiwang.kernel.text import Text
from yiwang.seal import age
from yiwang.seal.causes import Cause, SealError, Whose, tenderers
from yiwang.seal.envelope import Header, file_sha256, read_header
from yiwang.seal.keys import check_identity, identity_in
from yiwang.seal.manifest import Context, Manifest, SignedManifest, box_name
from yiwang.seal.payload import Document, PayloadSink, Place


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of an envelope from elsewhere; None where nothing is.

    Attributes:
        context: the tender, lot and round for which it was submitted.
        tenderer: the code of the organisation that submitted it.
        sha256: hex hash of the file as committed at submission. Without it nobody can tell who damaged a file, and
            failures of the file carry :attr:`Whose.UNDECIDED`.
    """

    context: Context | None = None
    tenderer: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened bid.

    Attributes:
        documents: by name, in the order of the manifest.
        signature_ok: False only when the caller did not demand a valid signature.
        wrong_keys: custodians whose published key is not theirs; the others sufficed.
        faulty_boxes: keybox entries that should have opened and did not; another one did.
        signature: the signature over the manifest, in base64, as it stands in the payload.
    """

    manifest: Manifest
    documents: Mapping[str, Document]
    signature_ok: bool
    manifest_sha256: str
    header: Header
    wrong_keys: tuple[int, ...] = ()
    faulty_boxes: tuple[str, ...] = ()
    signature: str = ""

    def close(self) -> None:
        """Drop the documents' temporary files. The object may also be used in a ``with`` block."""
        for document in self.documents.values():
            document.file.close()

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def open_envelope(
    file: BinaryIO,
    identities: Mapping[int, str],
    *,
    expected: Expected = Expected(),
    demand_signature: bool = True,
    place: Place | None = None,
) -> Opened:
    """Open an envelope with custodians' secret keys.

    Args:
        file: the envelope, seekable.
        identities: custodian index (as in the published list) to secret key; at least k right ones.
        expected: what the opener knows from submission.
        demand_signature: False to see a bid whose signature is invalid (``signature_ok`` tells).
        place: gives the file for each document, possibly twice for the same one; temporary files when None.

    Raises:
        SealError: naming cause and side at fault.
    """
    how = _How(expected, demand_signature, place)
    return _blaming(file, expected, lambda: _open_by_custodians(file, identities, how))


def open_own(
    file: BinaryIO,
    identity: str,
    *,
    expected: Expected = Expected(),
    demand_signature: bool = True,
    place: Place | None = None,
) -> Opened:
    """Open the tenderer's own copy with the own key that it was sealed to as well, or any copy with its one-time key.

    Arguments and SealError as :func:`open_envelope`.
    """
    how = _How(expected, demand_signature, place)
    return _blaming(file, expected, lambda: _open_payload(file, read_header(file), identity, how))


@dataclass(frozen=True, slots=True)
class _How:
    """What an opener asked for; see :func:`open_envelope`."""

    expected: Expected
    demand_signature: bool
    place: Place | None


def _blaming(file: BinaryIO, expected: Expected, attempt: Callable[[], Opened]) -> Opened:
    """Run an attempt; say whose fault a failure of the file is, by the hash committed at submission."""
    if expected.sha256 is not None and file_sha256(file) != expected.sha256:
        detail = Text("文件摘要与投标时登记的不一致", "its hash is not the one recorded at submission")
        raise SealError(Cause.DAMAGED, Whose.CENTER, detail)
    try:
        return attempt()
    except SealError as error:
        if error.whose is Whose.TENDERER and expected.sha256 is None:
            raise error.blamed(Whose.UNDECIDED) from None
        raise


def _sort_keys(header: Header, identities: Mapping[int, str]) -> tuple[dict[int, str], tuple[int, ...]]:
    """The right keys, and the custodians whose key is wrong. SealError when fewer than k are right."""
    recipients, k = header.custodians.recipients, header.custodians.k
    right: dict[int, str] = {}
    wrong: list[int] = []
    for index, identity in sorted(identities.items()):
        if 0 <= index < len(recipients) and check_identity(identity, recipients[index]):
            right[index] = identity_in(identity)
        else:
            wrong.append(index)
    if len(right) < k and wrong:
        which = "、".join(str(index + 1) for index in wrong)
        detail = Text(f"第 {which} 位保管人", f"custodian {which.replace('、', ', ')}")
        raise SealError(Cause.WRONG_KEY, Whose.CUSTODIAN, detail, custodians=tuple(wrong))
    if len(right) < k:
        detail = Text(f"需要 {k} 把，已有 {len(right)} 把", f"{k} are needed, {len(right)} are there")
        absent = tuple(index for index in range(len(recipients)) if index not in right)
        raise SealError(Cause.NOT_ENOUGH_KEYS, Whose.CUSTODIAN, detail, custodians=absent)
    return right, tuple(wrong)


def _one_time_keys(header: Header, right: Mapping[int, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """One-time identity per keybox entry that the keys unwrap, and the entries that fail with right keys."""
    keys: dict[str, str] = {}
    faulty: list[str] = []
    for subset in header.custodians.subsets():
        if not set(subset) <= right.keys():
            continue
        name = box_name(subset)
        try:
            box = header.keybox[name]
            for index in subset:
                box = age.decrypt(box, right[index])
            keys[name] = identity_in(box.decode("ascii"))
        except (age.AgeError, BadInput, UnicodeDecodeError):
            faulty.append(name)
    return keys, tuple(faulty)


def _open_by_custodians(file: BinaryIO, identities: Mapping[int, str], how: _How) -> Opened:
    header = read_header(file)
    right, wrong = _sort_keys(header, identities)
    keys, faulty = _one_time_keys(header, right)
    failure = tenderers(Cause.DAMAGED, f"密钥盒 {'、'.join(faulty)}", f"keybox entry {', '.join(faulty)}")
    for identity in dict.fromkeys(keys.values()):
        try:
            opened = _open_payload(file, header, identity, how)
        except SealError as error:
            failure = error
            # Only a key that does not fit may be followed by another; what is inside the seal is final.
            if error.cause is not Cause.DAMAGED:
                raise
        else:
            others = tuple(name for name, key in keys.items() if key != identity)
            return replace(opened, wrong_keys=wrong, faulty_boxes=faulty + others)
    raise failure


def _open_payload(file: BinaryIO, header: Header, identity: str, how: _How) -> Opened:
    sink = PayloadSink(lambda signed: _accept(signed, header, how), how.place)
    file.seek(header.payload_at)
    try:
        age.decrypt_stream(file, sink, identity_in(identity))
        signed, documents = sink.finish()
    except Exception as error:
        sink.close()
        if isinstance(error, age.AgeError):
            raise tenderers(Cause.DAMAGED, "加密部分无法解开", "the encrypted part cannot be decrypted") from None
        raise
    manifest = signed.manifest
    return Opened(manifest, documents, signed.signature_ok, manifest.sha256, header, signature=signed.signature)


def _accept(signed: SignedManifest, header: Header, how: _How) -> None:
    """The manifest must be of the same tender, tenderer and custodians as the envelope, and signed."""
    manifest, expected = signed.manifest, how.expected
    for context in (header.context, expected.context):
        if context is not None and manifest.context != context:
            found, wanted = manifest.context, context
            raise tenderers(Cause.CONTEXT_DIFFERS, f"内为 {found}，外为 {wanted}", f"inside {found}, outside {wanted}")
    if expected.tenderer is not None and manifest.tenderer != expected.tenderer:
        raise tenderers(Cause.CONTEXT_DIFFERS, "投标人不是提交人", "another tenderer submitted it")
    if manifest.custodians != header.custodians:
        raise tenderers(Cause.CUSTODIANS_DIFFER)
    if manifest.client != header.client:
        raise tenderers(Cause.CONTEXT_DIFFERS, "密封程序内外不一致", "the client inside is not the one outside")
    if not how.demand_signature:
        return
    if not signed.signature_ok:
        raise tenderers(Cause.SIGNATURE_INVALID)
    if strangers := signed.unsigned_members:
        raise tenderers(Cause.MEMBER_SIGNATURE, "、".join(strangers), ", ".join(strangers))

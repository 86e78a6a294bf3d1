"""RFC 6962 section 2.1 Merkle tree: hashes, compact ranges, inclusion and consistency proofs.

Hashes are 32 raw bytes. A node is named by ``(level, index)``: the complete subtree over the leaves
``index * 2**level`` up to ``(index + 1) * 2**level``. Proof verification is RFC 9162 sections 2.1.3.2 and 2.1.4.2,
which is the iterative form of the same RFC 6962 proofs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from yiwang.tlog.errors import ProofError

HASH_SIZE = 32

EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without leaves: SHA-256 of the empty string (RFC 6962 section 2.1)."""

HashAt = Callable[[int, int], bytes]
"""``hash_at(level, index)``: the hash of one complete subtree."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data), RFC 6962 section 2.1."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), RFC 6962 section 2.1."""
    return sha256(b"\x01" + left + right).digest()


class CompactRange:
    """The roots of the complete subtrees that make up a tree, largest first: all that appending needs.

    ``size`` is the number of leaves, ``peaks`` has one hash for each bit set in it.
    """

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if size < 0 or len(self.peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {max(size, 0).bit_count()} peaks, not {len(self.peaks)}")

    def copy(self) -> CompactRange:
        """An independent copy."""
        return CompactRange(self.size, self.peaks)

    def append(self, leaf: bytes, visit: Callable[[int, int, bytes], None] | None = None) -> None:
        """Add one leaf hash; ``visit(level, index, hash)`` is told of each inner node that it completes."""
        level, index, peaks = 0, self.size, self.peaks
        while index & 1:
            leaf = node_hash(peaks.pop(), leaf)
            index >>= 1
            level += 1
            if visit is not None:
                visit(level, index, leaf)
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The tree's root."""
        return fold_peaks(self.peaks)


def fold_peaks(peaks: Sequence[bytes]) -> bytes:
    """Root over complete subtrees of strictly falling size, largest first; EMPTY_ROOT for none."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Root over leaf hashes."""
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def peak_nodes(start: int, stop: int) -> list[tuple[int, int]]:
    """The complete subtrees ``(level, index)`` over leaves start..stop, largest first.

    ``start`` must be a multiple of the largest power of two up to ``stop - start``.
    """
    nodes = []
    for level in range((stop - start).bit_length() - 1, -1, -1):
        if (stop - start) >> level & 1:
            nodes.append((level, start >> level))
            start += 1 << level
    return nodes


def tree_root(size: int, hash_at: HashAt) -> bytes:
    """Root of the first ``size`` leaves."""
    return _span(0, size, hash_at)


def inclusion_proof(index: int, size: int, hash_at: HashAt) -> list[bytes]:
    """PATH(index, D[size]), RFC 6962 section 2.1.1: siblings from the leaf upwards.

    Raises:
        ProofError: unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ProofError(f"没有第 {index} 号叶子：树只有 {size} 片", f"no leaf {index} in a tree of {size}")
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_span(middle, high, hash_at))
            high = middle
        else:
            proof.append(_span(low, middle, hash_at))
            low = middle
    proof.reverse()
    return proof


def consistency_proof(old: int, new: int, hash_at: HashAt) -> list[bytes]:
    """PROOF(old, D[new]), RFC 6962 section 2.1.2. Empty when old is 0 or equals new (nothing needs proving).

    Raises:
        ProofError: unless 0 <= old <= new.
    """
    if not 0 <= old <= new:
        raise ProofError(f"不能证明从 {old} 到 {new} 的一致性", f"no consistency proof from {old} to {new}")
    if old in (0, new):
        return []
    proof: list[bytes] = []
    low, high, whole = 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_span(middle, high, hash_at))
            high = middle
        else:
            proof.append(_span(low, middle, hash_at))
            low, whole = middle, False
    if not whole:
        proof.append(_span(low, high, hash_at))
    proof.reverse()
    return proof


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """RFC 9162 section 2.1.3.2: the leaf hash stands at ``index`` in the tree of ``size`` leaves with this root.

    Raises:
        ProofError: it does not, or the proof is too short, too long or malformed.
    """
    if not 0 <= index < size:
        raise ProofError(f"没有第 {index} 号叶子：树只有 {size} 片", f"no leaf {index} in a tree of {size}")
    _check_hashes(leaf, *proof)
    here, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise _wrong_length()
        if here & 1 or here == last:
            computed = node_hash(sibling, computed)
            while not here & 1 and here != 0:
                here, last = here >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        here, last = here >> 1, last >> 1
    if last != 0:
        raise _wrong_length()
    if computed != root:
        raise ProofError("包含证明算出的根与检查点不符", "the inclusion proof leads to another root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """RFC 9162 section 2.1.4.2: the tree of ``old`` leaves is a prefix of the tree of ``new`` leaves.

    An old size of 0 with a larger new size is refused, as the published verifiers do: from nothing, nothing can be
    proved. What the witness protocol asks for is another rule, :func:`verify_growth`.

    Raises:
        ProofError: it is not, or the proof is too short, too long or malformed.
    """
    if old < 0 or old > new:
        raise ProofError(f"树不会从 {old} 缩到 {new}", f"a tree does not shrink from {old} to {new}")
    if old == new:
        _require_empty(proof)
        _require_root(old_root, new_root, "old")
        return
    if old == 0:
        raise ProofError("空树与任何树都一致，无可证明", "nothing can be proved from the empty tree")
    if not proof:
        raise _wrong_length()
    _check_hashes(old_root, new_root, *proof)
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    first, second = _consistency_roots(old, new, path)
    _require_root(first, old_root, "old")
    _require_root(second, new_root, "new")


def verify_growth(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """The witness's rule (C2SP tlog-witness, add-checkpoint): as :func:`verify_consistency`, but size 0 is allowed.

    From size 0 the proof must be empty; a tree of size 0 must have the root :data:`EMPTY_ROOT`.

    Raises:
        ProofError: as verify_consistency, or a wrong root of the empty tree, or a proof from size 0.
    """
    if old == 0:
        _require_root(old_root, EMPTY_ROOT, "old")
    if new == 0:
        _require_root(new_root, EMPTY_ROOT, "new")
    if old == 0 and new >= 0:
        _require_empty(proof)
        _check_hashes(new_root)
        return
    verify_consistency(old, new, old_root, new_root, proof)


def _consistency_roots(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Steps 3 to 7 of RFC 9162 section 2.1.4.2: the two roots that the path leads to."""
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise _wrong_length()
        if here & 1 or here == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not here & 1 and here != 0:
                here, last = here >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        here, last = here >> 1, last >> 1
    if last != 0:
        raise _wrong_length()
    return first, second


def _split(count: int) -> int:
    """The largest power of two below ``count`` (count > 1)."""
    return 1 << ((count - 1).bit_length() - 1)


def _span(start: int, stop: int, hash_at: HashAt) -> bytes:
    return fold_peaks([hash_at(level, index) for level, index in peak_nodes(start, stop)])


def _check_hashes(*hashes: bytes) -> None:
    for number, value in enumerate(hashes):
        if len(value) != HASH_SIZE:
            raise ProofError(f"第 {number} 个哈希不是 32 字节", f"hash {number} is not 32 bytes long")


def _require_empty(proof: Sequence[bytes]) -> None:
    if proof:
        raise ProofError("这里的一致性证明必须为空", "the consistency proof must be empty here")


def _require_root(computed: bytes, root: bytes, which: str) -> None:
    if computed != root:
        zh = {"old": "旧", "new": "新"}[which]
        raise ProofError(f"一致性证明算出的{zh}根不符", f"the consistency proof leads to another {which} root")


def _wrong_length() -> ProofError:
    return ProofError("证明的长度不对", "the proof has the wrong length")

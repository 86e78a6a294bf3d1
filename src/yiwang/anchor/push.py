"""Write what is due to the chain, and compare what the chain says with the log."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from yiwang.anchor.chain import Chain, Signed
from yiwang.anchor.errors import AnchorError, ChainAway, Disagrees
from yiwang.anchor.queue import Due, Queue
from yiwang.kernel import moment

MINED_WITHIN = 30.0
"""How long to wait for a block in one go, in seconds; a transaction that takes longer is looked for the next time."""

RootAt = Callable[[str, int], bytes | None]
"""Our own log's root by origin and size; None when it never was that large."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """The chain and the log disagree. ``ours`` is None when our log is smaller than the record: it was set back."""

    origin: str
    size: int
    chain: bytes
    ours: bytes | None


def push_all(queue: Queue, chain: Chain, *, within: float = MINED_WITHIN, now: Callable[[], datetime] = moment.now) -> int:
    """Write everything that is due, in order; how many records are on the chain for it.

    Raises:
        ChainAway: it does not answer, or has not mined within the time; the wait before the next try grows.
        Disagrees: the chain has another root for a size of ours, or none and has gone past it.
        AnchorError: the contract refused (not its owner, say).
    """
    done = 0
    try:
        for due in queue.pending():
            queue.settle(due, _push(queue, chain, due, within))
            done += 1
    except AnchorError as error:
        queue.failed(" · ".join((error.reasons[0].message.zh, error.reasons[0].message.en)), now())
        raise
    return done


def _push(queue: Queue, chain: Chain, due: Due, within: float) -> int:
    """The block that holds the record; 0 when it was on the chain before."""
    signed = due.signed
    if signed is not None:
        block = _landed(queue, chain, due, signed)
        if block is not None:
            return block
        if chain.nonce() > signed.nonce:  # another transaction took its place: it can take no effect any more
            queue.sign(due, None)
            signed = None
    if signed is None:
        if _on_chain(chain, due):
            return 0
        if chain.owner() != chain.account:
            raise _NOT_OWNER
        signed = chain.record(due.origin, due.size, due.root)
        queue.sign(due, signed)
    chain.send(signed)
    end = time.monotonic() + within
    while (block := _landed(queue, chain, due, signed)) is None:
        if time.monotonic() >= end:
            raise ChainAway("交易还没有进入区块", "the transaction is not in a block yet")
        time.sleep(min(0.5, within / 10))
    return block


_NOT_OWNER = AnchorError("账户不是合约的所有者", "the account is not the contract's owner", field="contract")


def _landed(queue: Queue, chain: Chain, due: Due, signed: Signed) -> int | None:
    """The block of our own transaction, when it took effect; None while it is in none. One that failed is forgotten."""
    found = chain.mined(signed.hash)
    if found is None:
        return None
    if _on_chain(chain, due):
        return found.block
    queue.sign(due, None)
    raise AnchorError("交易已入块，但没有写成记录", "the transaction is in a block, but made no record", field="contract")


def _on_chain(chain: Chain, due: Due) -> bool:
    """Whether the record is there. Disagrees when the chain has another, or has gone past it without."""
    root = chain.root_at(due.origin, due.size)
    if root == due.root:
        return True
    newest = chain.latest(due.origin)
    if root is None and (newest is None or newest[0] < due.size):
        return False
    raise _alarming(Alarm(due.origin, newest[0] if newest and root is None else due.size, root or bytes(32), due.root))


def compare(chain: Chain, origin: str, root_at: RootAt, *, every: bool = False) -> list[Alarm]:
    """Records of the chain that are not what our log gives: the newest one, or every one."""
    newest = chain.latest(origin)
    if newest is None:
        return []
    sizes = chain.sizes(origin) if every else [newest[0]]
    found = []
    for size in sizes:
        theirs, ours = chain.root_at(origin, size), root_at(origin, size)
        if theirs is not None and theirs != ours:
            found.append(Alarm(origin, size, theirs, ours))
    return found


def _alarming(alarm: Alarm) -> Disagrees:
    return Disagrees(f"警报：链上 {alarm.origin} 在 {alarm.size} 条处的记录与本日志不符",
                     f"alarm: the chain's record of {alarm.origin} at size {alarm.size} is not that of this log",
                     field=alarm.origin)  # fmt: skip

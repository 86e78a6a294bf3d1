"""Anchoring against a real EVM: what the contract refuses, what a crash or an absent chain costs (nothing), alarms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.anchor.conftest import KEY
from yiwang.anchor.chain import Chain, Signed, new_key, read_key
from yiwang.anchor.contract import origin_hash
from yiwang.anchor.errors import AnchorError, ChainAway, Disagrees
from yiwang.anchor.push import compare, push_all
from yiwang.anchor.queue import LONGEST_PAUSE, Queue
from yiwang.anchor.setup import Setup
from yiwang.cli.anchor import checked, deployed
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint
from yiwang.tlog.errors import KeyFileError, NoteError
from yiwang.tlog.keys import LogKeys

T = datetime(2027, 3, 1, 8, tzinfo=UTC)
ROOT, OTHER = bytes(range(32)), bytes(range(1, 33))


def push(queue: Queue, chain: Chain, **more: Any) -> int:
    return push_all(queue, chain, within=0.2, now=lambda: T, **more)


class Away(Chain):
    """A chain that stops answering at a call: before it has any effect, or right after."""

    def __init__(self, chain: Chain, at: str, *, after: bool = False) -> None:
        self._web3, self._account, self.contract = chain._web3, chain._account, chain.contract
        self._at, self._after = at, after

    def _maybe(self, name: str, do: Any) -> Any:
        if name == self._at and not self._after:
            raise ChainAway("断线", "gone")
        result = do()
        if name == self._at:
            raise ChainAway("断线", "gone")
        return result

    def send(self, signed: Signed) -> None:
        self._maybe("send", lambda: Chain.send(self, signed))

    def root_at(self, origin: str, size: int) -> bytes | None:
        found: bytes | None = self._maybe("root_at", lambda: Chain.root_at(self, origin, size))
        return found


def test_the_contract_keeps_growing_records_of_its_owner_only(evm: Any, chain: Chain, origin: str) -> None:
    functions = chain._functions()
    owner, stranger, name = chain.account, evm.eth.accounts[1], origin_hash(origin)

    def refused(size: int, root: bytes, sender: str) -> str:
        with pytest.raises(Exception) as caught:
            functions.anchor(name, size, root).call({"from": sender})
        return str(caught.value)

    chain.send(chain.record(origin, 10, ROOT))
    not_owner, not_above, no_root = (str(bytes(evm.keccak(text=f)[:4]))[2:-1] for f in ("NotOwner()", "NotAbove(uint64)", "NoRoot()"))
    assert not_owner in refused(11, ROOT, stranger)
    assert not_above in refused(10, OTHER, owner) and not_above in refused(9, ROOT, owner)
    assert no_root in refused(11, bytes(32), owner)
    chain.send(chain.record(origin, 12, OTHER))
    assert chain.sizes(origin) == [10, 12]
    assert (chain.root_at(origin, 10), chain.root_at(origin, 11), chain.latest(origin)) == (ROOT, None, (12, OTHER))
    logs = evm.eth.contract(address=chain.contract, abi=functions.abi).events.Anchored().get_logs(from_block=0)
    mine = [(each["args"]["size"], each["args"]["root"]) for each in logs if each["args"]["origin"] == name]
    assert mine == [(10, ROOT), (12, OTHER)]


def test_what_is_due_is_written_in_order_and_once(queue: Queue, chain: Chain, origin: str) -> None:
    assert queue.add(origin, 5, ROOT, T) and queue.add(origin, 9, OTHER, T + timedelta(hours=1))
    assert not queue.add(origin, 9, OTHER, T + timedelta(hours=2))
    assert push(queue, chain) == 2 and push(queue, chain) == 0
    assert chain.sizes(origin) == [5, 9] and queue.pending() == [] and queue.done() == 2


@pytest.mark.parametrize(("at", "after"), [("send", False), ("send", True), ("root_at", False), ("root_at", True)])
def test_a_crash_or_a_break_at_any_step_makes_one_record(
    at: str, after: bool, tmp_path: Path, chain: Chain, origin: str
) -> None:
    path = tmp_path / "q.sqlite"
    Queue(path).add(origin, 5, ROOT, T)
    with pytest.raises(ChainAway):
        push(Queue(path), Away(chain, at, after=after))
    before = chain.nonce()
    assert push(Queue(path), chain) == 1  # another process, from the file alone
    assert chain.sizes(origin) == [5] and Queue(path).pending() == []
    assert chain.nonce() - before <= 1


def test_a_transaction_whose_nonce_was_taken_is_made_anew(queue: Queue, chain: Chain, origin: str) -> None:
    queue.add(origin, 5, ROOT, T)
    with pytest.raises(ChainAway):
        push(queue, Away(chain, "send"))
    lost = queue.pending()[0].signed
    chain.send(chain.record(f"{origin}/other", 1, ROOT))  # the account was used elsewhere meanwhile
    assert lost is not None and chain.nonce() > lost.nonce
    assert push(queue, chain) == 1 and chain.sizes(origin) == [5]


def test_a_chain_that_is_down_is_asked_ever_less_often_and_nothing_is_lost(queue: Queue, chain: Chain, origin: str) -> None:
    waits = []
    for hour in range(12):
        queue.add(origin, hour + 1, bytes([hour + 1]) * 32, T + timedelta(hours=hour))
        with pytest.raises(ChainAway):
            push(queue, Away(chain, "root_at"))
        pause = queue.pause()
        assert pause is not None and pause.tries == hour + 1 and "gone" in pause.why
        waits.append((pause.until - T).total_seconds())
    assert waits[:4] == [10, 20, 40, 80] and waits[-1] == LONGEST_PAUSE and waits == sorted(waits)
    assert push(queue, chain) == 12 and queue.pause() is None
    assert chain.sizes(origin) == list(range(1, 13))


def test_another_record_on_the_chain_is_an_alarm(queue: Queue, chain: Chain, origin: str) -> None:
    chain.send(chain.record(origin, 5, OTHER))
    chain.send(chain.record(origin, 20, OTHER))
    ours = {5: ROOT, 20: OTHER, 7: ROOT}
    alarms = compare(chain, origin, lambda _, size: ours.get(size), every=True)
    assert [(alarm.size, alarm.chain, alarm.ours) for alarm in alarms] == [(5, OTHER, ROOT)]
    assert compare(chain, origin, lambda _, size: ours.get(size)) == []
    set_back = compare(chain, origin, lambda _, size: None)
    assert [(alarm.size, alarm.ours) for alarm in set_back] == [(20, None)]
    for size in (5, 7):  # other than ours; and gone past without ours
        queue.add(origin, size, ROOT, T)
        with pytest.raises(Disagrees):
            push(queue, chain)
    assert len(queue.pending()) == 2


def test_an_account_that_does_not_own_the_contract_is_told_so(queue: Queue, evm: Any, contract: str, origin: str) -> None:
    queue.add(origin, 5, ROOT, T)
    with pytest.raises(AnchorError, match="所有者"):
        push(queue, Chain(evm, "22" * 32, contract))
    assert Chain(evm, None, contract).sizes(origin) == [] and queue.pending()[0].signed is None


def test_a_checkpoint_file_is_compared_with_the_chain(chain: Chain, origin: str) -> None:
    name = origin.replace("_", "-")
    keys, reader = LogKeys.create(name), Chain(chain._web3, None, chain.contract)
    note = sign_checkpoint(Checkpoint(name, 5, ROOT), keys)
    policy = "".join(f"log {vkey}\n" for vkey in keys.vkeys()).encode() + b"quorum none\n"
    assert checked(reader, note)["verdict"] == "absent"
    chain.send(chain.record(name, 5, ROOT))
    assert checked(reader, note, policy)["verdict"] == "agrees"
    assert checked(reader, sign_checkpoint(Checkpoint(name, 5, OTHER), keys), policy)["verdict"] == "disagrees"
    with pytest.raises(NoteError):
        checked(reader, sign_checkpoint(Checkpoint(name, 5, ROOT), LogKeys.create(name)), policy)


def test_deploying_keeps_the_address_and_is_done_once(evm: Any, tmp_path: Path) -> None:
    setup = Setup.read(tmp_path, {"YIWANG_ANCHOR_URL": "http://127.0.0.1:9"})
    address = deployed(setup, Chain(evm, KEY))
    again = Setup.read(tmp_path, {})
    assert again.contract == address and Chain(evm, None, address).owner() == Chain(evm, KEY).account
    with pytest.raises(AnchorError, match="已在"):
        deployed(again, Chain(evm, KEY))


def test_a_real_address_that_nobody_answers_is_a_chain_away(tmp_path: Path) -> None:
    pytest.importorskip("web3", reason="the extra anchor (web3, eth-account) is not installed")
    new_key(tmp_path / "key")
    assert len(read_key(tmp_path / "key")) == 64
    (tmp_path / "key").chmod(0o640)
    setup = Setup.read(tmp_path, {"YIWANG_ANCHOR_URL": "http://127.0.0.1:9", "YIWANG_ANCHOR_KEY": str(tmp_path / "key")})
    with pytest.raises(KeyFileError, match="0640"):
        setup.chain(writing=True)
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(ChainAway):
        setup.chain(writing=True).id()
    with pytest.raises(AnchorError):
        Setup.read(tmp_path, {"YIWANG_ANCHOR_EVERY": "soon"})

"""A chain in this process (eth-tester with py-evm), an account with funds, and the deployed contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from yiwang.anchor.chain import Chain
from yiwang.anchor.depth import usual_depth
from yiwang.anchor.queue import Queue

KEY = "11" * 32


@pytest.fixture(scope="module")
def evm() -> Any:
    """web3 on an EVM of our own."""
    with usual_depth():
        from eth_account import Account
        from web3 import EthereumTesterProvider, Web3

        web3 = Web3(EthereumTesterProvider())
    rich = web3.eth.accounts[0]
    web3.eth.send_transaction({"from": rich, "to": Account.from_key(KEY).address, "value": 10**18})
    return web3


@pytest.fixture(scope="module")
def contract(evm: Any) -> str:
    """The address of a contract that our account deployed."""
    chain = Chain(evm, KEY)
    signed = chain.deployment()
    chain.send(signed)
    mined = chain.mined(signed.hash)
    assert mined is not None and mined.ok
    return mined.contract


@pytest.fixture
def chain(evm: Any, contract: str) -> Chain:
    """The chain with our account."""
    return Chain(evm, KEY, contract)


@pytest.fixture
def queue(tmp_path: Path) -> Queue:
    """An empty queue."""
    return Queue(tmp_path / "queue.sqlite")


@pytest.fixture
def origin(request: pytest.FixtureRequest) -> str:
    """A log of this test's own: the contract is shared."""
    return f"evidence.example/{request.node.name}"

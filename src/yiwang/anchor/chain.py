"""The chain, as anchoring needs it: deploy the contract, write a record, read records. Over web3.py.

Transactions are signed here with the operator's own key and in the old form with a gas price, which chains of every
kind take. ``pip install yiwang[anchor]``.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yiwang.anchor.contract import artefact, origin_hash
from yiwang.anchor.depth import usual_depth
from yiwang.anchor.errors import AnchorError, ChainAway
from yiwang.kernel.text import Text
from yiwang.tlog import files
from yiwang.tlog.errors import KeyFileError
from yiwang.tlog.pkcs11 import read_private

if TYPE_CHECKING:
    from web3 import Web3

TIMEOUT = 10.0
"""How long the chain may take to answer, in seconds."""
NO_ROOT = bytes(32)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed transaction: it can be sent again as it is, and takes effect once (its nonce is used once)."""

    nonce: int
    raw: bytes
    hash: str


@dataclass(frozen=True, slots=True)
class Mined:
    """What came of a transaction: whether it took effect, in which block, and the contract it made, if any."""

    ok: bool
    block: int
    contract: str


def new_key(path: Path) -> None:
    """Write a fresh account key (64 hex digits, mode 0600). KeyFileError when the file exists."""
    try:
        files.write_synced(path, f"{secrets.token_hex(32)}\n".encode(), 0o600, fresh=True)
    except FileExistsError:
        raise KeyFileError(f"{path} 已存在，不会覆盖", f"{path} is there and stays", field=str(path)) from None
    files.sync_directory(path.parent)


def read_key(path: Path) -> str:
    """The account key. KeyFileError: missing, damaged, or readable by others."""
    text = read_private(path).decode("ascii", "replace").strip().removeprefix("0x")
    if len(text) != 64 or not set(text) <= set("0123456789abcdefABCDEF"):
        raise KeyFileError(f"{path} 已损坏", f"{path} is damaged", field=str(path),
                           passes=Text("64 位十六进制", "64 hex digits"))  # fmt: skip
    return text


def connect(url: str, key: str | None = None, contract: str = "") -> Chain:
    """The chain behind a JSON-RPC address (``http://`` or ``https://``); AnchorError when web3 is not installed."""
    try:
        with usual_depth():
            from web3 import HTTPProvider, Web3
    except ImportError:
        raise AnchorError("没有安装上链支持", "anchoring is not installed", field="anchor",
                          passes=Text("pip install 'yiwang[anchor]'", "pip install 'yiwang[anchor]'")) from None  # fmt: skip
    provider = HTTPProvider(url, request_kwargs={"timeout": TIMEOUT}, exception_retry_configuration=None)
    return Chain(Web3(provider), key, contract)


class Chain:
    """One chain, one account (None: reading only), one contract ('' before it is deployed).

    Every method raises ChainAway when the chain does not answer as a chain does.
    """

    def __init__(self, web3: Web3, key: str | None = None, contract: str = "") -> None:
        with usual_depth():
            from eth_account import Account

        self._web3 = web3
        self._account = Account.from_key(key) if key else None
        self.contract = contract

    @property
    def account(self) -> str:
        """The address of the writing account; '' without a key."""
        return str(self._account.address) if self._account else ""

    def id(self) -> int:
        """The chain's id."""
        with _answering():
            return int(self._web3.eth.chain_id)

    def balance(self) -> int:
        """What the account can pay gas with, in wei."""
        with _answering():
            return int(self._web3.eth.get_balance(self._account.address)) if self._account else 0

    def deployment(self) -> Signed:
        """A transaction that makes the contract, owned by the account."""
        return self._signed({"data": artefact()["bytecode"]})

    def record(self, origin: str, size: int, root: bytes) -> Signed:
        """A transaction that writes a record."""
        call = self._functions().anchor(origin_hash(origin), size, root)
        with _answering():
            return self._signed({"to": self.contract, "data": call._encode_transaction_data()})

    def send(self, signed: Signed) -> None:
        """Hand a transaction to the chain. One that it has already is no error."""
        with _answering():
            try:
                self._web3.eth.send_raw_transaction(signed.raw)
            except Exception as error:
                if not any(word in str(error).lower() for word in ("known", "already", "nonce")):
                    raise

    def mined(self, hash_: str) -> Mined | None:
        """What came of a transaction; None while it is not in a block."""
        from web3.exceptions import TransactionNotFound

        with _answering():
            try:
                found = self._web3.eth.get_transaction_receipt(hash_)
            except TransactionNotFound:
                return None
            return Mined(found["status"] == 1, int(found["blockNumber"]), str(found.get("contractAddress") or ""))

    def nonce(self) -> int:
        """How many transactions of the account are in blocks: a signed one with a lower nonce can take no effect."""
        with _answering():
            return int(self._web3.eth.get_transaction_count(self.account, "latest"))

    def root_at(self, origin: str, size: int) -> bytes | None:
        """The recorded root for a size; None when there is none."""
        with _answering():
            root = bytes(self._functions().rootAt(origin_hash(origin), size).call())
        return root if root != NO_ROOT else None

    def latest(self, origin: str) -> tuple[int, bytes] | None:
        """Size and root of a log's newest record."""
        with _answering():
            size = int(self._functions().latest(origin_hash(origin)).call())
        root = self.root_at(origin, size) if size else None
        return (size, root) if root else None

    def sizes(self, origin: str) -> list[int]:
        """The sizes of all records of a log, the oldest first."""
        name = origin_hash(origin)
        with _answering():
            count = int(self._functions().count(name).call())
            return [int(self._functions().sizeAt(name, number).call()) for number in range(count)]

    def owner(self) -> str:
        """The account that may write to the contract."""
        with _answering():
            return str(self._functions().owner().call())

    def _functions(self) -> Any:
        if not self.contract:
            raise AnchorError("还没有部署合约", "the contract is not deployed yet", field="contract",
                              passes=Text("yiwang anchor deploy", "yiwang anchor deploy"))  # fmt: skip
        with _answering():
            return self._web3.eth.contract(address=self.contract, abi=artefact()["abi"]).functions

    def _signed(self, what: dict[str, Any]) -> Signed:
        if self._account is None:
            raise AnchorError("没有账户密钥", "there is no account key", field="YIWANG_ANCHOR_KEY",
                              passes=Text("yiwang anchor key", "yiwang anchor key"))  # fmt: skip
        with _answering():
            eth, sender = self._web3.eth, self._account.address
            gas = int(eth.estimate_gas({"from": sender, **what}))
            whole = {**what, "from": sender, "value": 0, "gas": gas * 5 // 4, "gasPrice": int(eth.gas_price),
                     "nonce": self.nonce(), "chainId": int(eth.chain_id)}  # fmt: skip
            signed = self._account.sign_transaction({key: value for key, value in whole.items() if key != "from"})
        return Signed(whole["nonce"], bytes(signed.raw_transaction), signed.hash.to_0x_hex())


@contextmanager
def _answering() -> Iterator[None]:
    """Everything that goes wrong between us and the chain is ChainAway, but for what the contract refuses."""
    from web3.exceptions import ContractLogicError

    try:
        yield
    except AnchorError:
        raise
    except ContractLogicError as error:
        raise AnchorError(f"合约拒绝：{error}", f"the contract refused: {error}", field="contract") from None
    except Exception as error:
        what = f"{type(error).__name__}: {error}"[:300]
        raise ChainAway(f"区块链没有正常应答（{what}）", f"the chain does not answer as it should ({what})") from None

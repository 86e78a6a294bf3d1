"""How anchoring is set up: from the environment, and from what ``yiwang anchor deploy`` wrote into the data folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yiwang.anchor import chain as chains
from yiwang.anchor.chain import Chain
from yiwang.anchor.errors import AnchorError
from yiwang.anchor.queue import Queue
from yiwang.kernel.text import Text
from yiwang.tlog import files

URL, KEY, CONTRACT, EVERY = ("YIWANG_ANCHOR_URL", "YIWANG_ANCHOR_KEY", "YIWANG_ANCHOR_CONTRACT", "YIWANG_ANCHOR_EVERY")
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Setup:
    """Where the chain is and what we write to it with.

    Attributes:
        folder: ``anchor`` in the data folder: queue, contract's address, and by default the account key.
        url: JSON-RPC address; '' when anchoring is off.
        key: file of the account key.
        contract: its address; '' before it is deployed.
        every: seconds between two checkpoints that fall due.
    """

    folder: Path
    url: str
    key: Path
    contract: str
    every: int

    @classmethod
    def read(cls, data: Path, environment: Mapping[str, str] = os.environ) -> Setup:
        """The setup of an installation; AnchorError for an interval that is no number of seconds."""
        folder = data / "anchor"
        contract = environment.get(CONTRACT, "")
        if not contract and (folder / "contract").exists():
            contract = (folder / "contract").read_text(encoding="ascii").strip()
        every = environment.get(EVERY, str(HOUR))
        if not (every.isascii() and every.isdigit()) or int(every) < 60:
            raise AnchorError(f"{EVERY} 不是秒数：{every}", f"{EVERY} is no number of seconds: {every}", field=EVERY,
                              passes=Text("60 以上的整数", "a whole number, 60 or more"))  # fmt: skip
        key = Path(environment.get(KEY) or folder / "key")
        return cls(folder, environment.get(URL, ""), key, contract, int(every))

    def chain(self, *, writing: bool) -> Chain:
        """The chain. AnchorError when no address is set; KeyFileError when it is to be written to and has no key."""
        if not self.url:
            raise AnchorError(f"没有设置 {URL}", f"{URL} is not set", field=URL,
                              passes=Text("链的 JSON-RPC 地址", "the chain's JSON-RPC address"))  # fmt: skip
        return chains.connect(self.url, chains.read_key(self.key) if writing else None, self.contract)

    def queue(self) -> Queue:
        """The queue, in a folder for its owner alone."""
        self.make_folder()
        return Queue(self.folder / "queue.sqlite")

    def make_folder(self) -> None:
        """Make anchoring's folder."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def keep_contract(self, address: str) -> None:
        """Write down where the contract is. FileExistsError when one is kept already."""
        files.write_synced(self.folder / "contract", f"{address}\n".encode(), fresh=True)
        files.sync_directory(self.folder)

"""The process that keeps the embedded PostgreSQL alive while anybody holds it, and stops it after the last one.

Started by :mod:`yiwang.runtime.postgres`, one for each data folder. It holds ``keeper.lock`` as long as it lives.
Users share ``hold.lock``; when the keeper gets that lock for itself, nobody is left.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from yiwang.kernel.errors import YiwangError
from yiwang.runtime.cluster import Cluster
from yiwang.runtime.locks import FileLock
from yiwang.runtime.notready import not_ready
from yiwang.runtime.place import Place, place_of

_WAIT = 60.0
"""Seconds in which a server must have started, recovery after a crash included."""
_STEP = 0.1


class Keeper:
    """Runs one cluster for its holders."""

    def __init__(self, place: Place, *, durable: bool) -> None:
        self.place = place
        self.durable = durable
        self.lock = FileLock(place.locks / "keeper.lock")
        self.holders = FileLock(place.locks / "hold.lock")
        self.asked_to_end = False

    def run(self) -> int:
        """Keep the server until nobody holds it. 0 on an orderly end, 3 when the server does not start."""
        if not self.lock.take(wait=5.0):
            return 0  # another keeper was faster
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.tell("starting")
        try:
            cluster = Cluster(self.place, durable=self.durable)
            cluster.prepare()
            self._keep(cluster)
        except YiwangError as error:
            self.tell("failed", reasons=[_plain(error)])
            return 3
        except OSError as error:
            problem = not_ready("os", f"数据库没有启动：{error}", f"the database did not start: {error}")
            self.tell("failed", reasons=[_plain(problem)])
            return 3
        return 0

    def tell(self, state: str, **more: Any) -> None:
        """Write the state where holders read it, in one step."""
        path = self.place.locks / "keeper.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"pid": os.getpid(), "state": state, **more}), encoding="utf-8")
        fresh.replace(path)

    def _keep(self, cluster: Cluster) -> None:
        try:
            cluster.start(wait=_WAIT)
            self.tell("ready", server=cluster.process.pid if cluster.process else 0)
            while not self.asked_to_end and not self.holders.take():
                if not cluster.alive():
                    self.tell("starting")
                    cluster.start(wait=_WAIT)
                    self.tell("ready", server=cluster.process.pid if cluster.process else 0)
                time.sleep(_STEP)
            self.tell("stopping")
        finally:
            cluster.stop()
        self.tell("stopped")

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_end = True


def _plain(error: YiwangError) -> dict[str, str]:
    reason = error.reasons[0]
    return {"code": reason.code.removeprefix("runtime."), "zh": reason.message.zh, "en": reason.message.en}


def main() -> int:
    """``python -m yiwang.runtime.keeper DATA [--not-durable]``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--not-durable", action="store_true", help="for tests: no fsync")
    words = parser.parse_args()
    os.chdir("/")  # hold nobody's folder
    return Keeper(place_of(words.data), durable=not words.not_durable).run()


if __name__ == "__main__":
    sys.exit(main())

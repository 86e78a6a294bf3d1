"""The programs that seal bids are on the log whenever they change, and everybody can compare."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

from yiwang.modules.evidence import programs, sequencer
from yiwang.seal import program
from yiwang.seal.program import client_hash
from yiwang.site import programs as here
from yiwang.ui import bundles

SEAL = Path(program.__file__).parent


def test_the_hash_of_the_package_is_that_of_the_shell() -> None:
    line = "for f in $(ls *.py | LC_ALL=C sort); do printf '%s %s\\n' $f $(wc -c <$f); cat $f; done | sha256sum"
    done = subprocess.run(["/bin/sh", "-c", line], cwd=SEAL, capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == client_hash()


def test_programs_are_published_once_and_again_when_they_change(cast: Any) -> None:
    given = {"bid-seal.js": "a" * 64, "yiwang.seal": "b" * 64}
    assert programs.publish("0.1.0", given)
    assert not programs.publish("0.1.0", dict(reversed(given.items())))
    assert programs.publish("0.1.0", {**given, "bid-seal.js": "c" * 64})
    assert programs.publish("0.1.0", given)  # an old program that comes back is news again
    sequencer.sequence_all()
    newest, *earlier = programs.published()
    assert [each.sha256 for each in newest.programs] == ["a" * 64, "b" * 64] and newest.index == 2 + earlier[-1].index
    assert [each.programs[0].sha256[0] for each in earlier] == ["c", "a"]
    assert not programs.publish("0.1.0", {})


def test_what_is_published_is_what_is_served(cast: Any) -> None:
    now = here.now()
    assert now["yiwang.seal"] == client_hash()
    for name in bundles.names():
        path = bundles.path_of(name)
        assert path and now[name] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert here.publish() and not here.publish()


def test_in_production_the_collected_bundles_count(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "bid-seal.js").write_bytes(b"collected")
    settings.STATIC_ROOT = tmp_path
    assert bundles.sha256_of("bid-seal.js") == hashlib.sha256(b"collected").hexdigest()
    assert bundles.sha256_of("none.js") == "" and bundles.integrity("none.js") == ""

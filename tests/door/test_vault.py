"""The vault: what was told as received is there, whatever happens; and its files look the same with no bid and with thirty."""

from __future__ import annotations

import random
import secrets
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.door.spoiled import record, spoil
from tests.door.vaults import OTHER, OWNER, at_once, home, read, sha, shape  # noqa: F401  (fixtures)
from yiwang.kernel.errors import BadInput, NotVisible, Refused
from yiwang.modules.evidence import blinding, files, vault, vault_index, vault_pool, vault_space
from yiwang.modules.evidence.vault_crypt import VaultFault

pytestmark = pytest.mark.usefixtures("home", "at_once")


def kept(content: bytes, owner: str = OWNER) -> str:
    """The hash of a file put into the vault in one go."""
    return vault.put([content], owner).sha256


def test_a_file_that_comes_in_pieces_is_read_back(home: Path) -> None:  # noqa: F811
    content = secrets.token_bytes(300_001)
    made = vault.begin(OWNER, len(content), sha(content))
    assert (made.offset, made.complete) == (0, False)
    assert vault.append(made.id, OWNER, 0, [content[:5], content[5:100_000]]) == 100_000
    assert vault.begin(OWNER, len(content), sha(content)).offset == 100_000
    with pytest.raises(vault.OffsetDiffers) as early:
        vault.keep(made.id, OWNER)
    assert early.value.offset == 100_000
    assert vault.append(made.id, OWNER, 100_000, [content[100_000:]]) == len(content)
    assert not vault.has(sha(content))
    stored = vault.keep(made.id, OWNER)
    assert stored == files.Stored(sha(content), len(content), "application/octet-stream")
    assert vault.keep(made.id, OWNER) == stored == vault.stored(sha(content), OWNER)
    assert vault.find(made.id, OWNER).complete
    with vault.open(sha(content)) as file:
        assert file.read(7) == content[:7]
        file.seek(250_000)
        assert file.read() == content[250_000:]
        file.seek(-3, 2)
        assert file.read(10) == content[-3:]
    assert content[:64] not in b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_an_upload_is_its_owners_alone() -> None:
    made = vault.begin(OWNER, 10, "0" * 64)
    for call in (vault.find, vault.keep, vault.discard, lambda id_, owner: vault.append(id_, owner, 0, [b"x"])):
        with pytest.raises(NotVisible):
            call(made.id, OTHER)
    assert vault.listed(OTHER) == []
    assert [each.id for each in vault.listed(OWNER)] == [made.id]
    with pytest.raises(NotVisible):
        vault.stored("0" * 64, OTHER)
    assert vault.begin(OTHER, 10, "0" * 64).id != made.id


def test_what_is_wrong_is_refused_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for size, sha256, field in ((0, "0" * 64, "size"), (vault.MOST + 1, "0" * 64, "size"), (5, "0" * 63 + "A", "sha256")):
        with pytest.raises(BadInput) as refused:
            vault.begin(OWNER, size, sha256)
        assert refused.value.reasons[0].field == field
    vault.begin(OWNER, 10, "1" * 64)
    with pytest.raises(BadInput):
        vault.begin(OWNER, 11, "1" * 64)
    for number in range(vault.MOST_OPEN - 1):
        vault.begin(OWNER, 10, f"{number:064d}")
    with pytest.raises(Refused):
        vault.begin(OWNER, 10, "f" * 64)
    assert vault.begin(OTHER, 10, "f" * 64).offset == 0
    monkeypatch.setattr(vault, "MOST_OWNED", 25)
    vault.begin(OTHER, 10, "e" * 64)
    with pytest.raises(Refused):
        vault.begin(OTHER, 10, "d" * 64)
    for content, most in ((b"", 10), (b"x" * 11, 10)):
        with pytest.raises(BadInput):
            vault.put([content], OTHER, most=most)
    assert len(vault.everything()) == vault.MOST_OPEN + 2


def test_too_many_bytes_a_wrong_offset_and_a_wrong_hash() -> None:
    made = vault.begin(OWNER, 10, sha(b"0123456789"))
    with pytest.raises(vault.OffsetDiffers):
        vault.append(made.id, OWNER, 3, [b"345"])
    with pytest.raises(BadInput):
        vault.append(made.id, OWNER, 0, [b"01234", b"567890"])
    assert vault.find(made.id, OWNER).offset == 5
    vault.append(made.id, OWNER, 5, [b"x6789"])
    with pytest.raises(BadInput) as wrong:
        vault.keep(made.id, OWNER)
    assert wrong.value.reasons[0].code == "upload.sha256"
    assert vault.listed(OWNER) == [], "given up: to be uploaded again"


def test_what_came_before_the_connection_broke_stays() -> None:
    content = secrets.token_bytes(40_000)
    made = vault.begin(OWNER, len(content), sha(content))

    def broken() -> Any:
        yield content[:30_000]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        vault.append(made.id, OWNER, 0, broken())
    assert vault.find(made.id, OWNER).offset == 30_000
    vault.append(made.id, OWNER, 30_000, [content[30_000:]])
    vault.keep(made.id, OWNER)
    assert read(sha(content)) == content


def test_of_two_windows_the_later_one_goes_on() -> None:
    content = secrets.token_bytes(50_000)
    made = vault.begin(OWNER, len(content), sha(content))

    def first() -> Any:
        yield content[:10_000]
        assert vault.append(made.id, OWNER, 0, [content]) == len(content)  # the other window, meanwhile
        yield b"?" * 10_000

    with pytest.raises(vault.TakenOver):
        vault.append(made.id, OWNER, 0, first())
    vault.keep(made.id, OWNER)
    assert read(sha(content)) == content


def test_a_writer_that_hangs_cannot_write_where_another_file_lies_by_now() -> None:
    other = b"the sealed bid of somebody else"
    made = vault.begin(OWNER, 100, "1" * 64)

    def hanging() -> Any:
        yield b"x"
        vault.discard(made.id, OWNER)
        assert record(kept(other, OTHER))[1].extents[0][0] == 0, "where the first lay"
        yield b"y" * 99

    with pytest.raises(vault.TakenOver):
        vault.append(made.id, OWNER, 0, hanging())
    assert read(sha(other)) == other


@pytest.mark.parametrize("size", [1, 4096, vault_index.PLACE * 100 + 1, (1 << 20) + 1, 3_500_000])
def test_a_file_of_unknown_length_takes_just_its_room(size: int) -> None:
    content = random.Random(size).randbytes(size)
    stored = vault.put((content[at : at + 65_536] for at in range(0, size, 65_536)), OWNER)
    assert (stored.sha256, stored.size) == (sha(content), size)
    assert read(stored.sha256) == content
    assert sum(count for _, count in record(stored.sha256)[1].extents) == vault_pool.blocks_for(size)
    vault.put([content], OWNER)
    assert len(vault.everything()) == 1, "the same again takes no second place"


def test_release_gives_it_to_the_ordinary_store_and_frees_its_place() -> None:
    first, second = secrets.token_bytes(5_000), secrets.token_bytes(9_000)
    kept(first)
    kept(first, OTHER)
    kept(second)
    vault.release(sha(first))
    vault.release(sha(first))
    vault.release("0" * 64)
    assert files.path_of(sha(first)).read_bytes() == first
    assert not vault.has(sha(first)) and vault.has(sha(second))
    with pytest.raises(FileNotFoundError):
        vault.open(sha(first))
    assert [each.sha256 for each in vault.everything()] == [sha(second)]


def test_what_is_damaged_is_named_and_released_as_it_is() -> None:
    content, whole = secrets.token_bytes(50_000), secrets.token_bytes(500)
    kept(content)
    kept(whole)
    assert list(vault.damages()) == []
    spoil(sha(content))
    assert [where for where, _ in vault.damages()] == [sha(content)]
    vault.release(sha(content))
    damaged = files.path_of(sha(content)).read_bytes()
    assert len(damaged) == len(content) and sum(a != b for a, b in zip(damaged, content, strict=True)) == 1
    assert read(sha(whole)) == whole


# --- what the disk shows ----------------------------------------------------------------------------------------------


def compressible(home: Path) -> bool:  # noqa: F811
    """Whether any file of the vault is other than noise."""
    found = [path.read_bytes() for path in (home / "sealed").rglob("*") if path.is_file()]
    return any(len(zlib.compress(content, 1)) < 0.999 * len(content) for content in found if content)


def test_no_bid_and_thirty_have_the_same_files(home: Path) -> None:  # noqa: F811
    vault.tidy()
    empty = shape(home)
    assert len(empty) == 5 and not compressible(home)
    contents = [random.Random(number).randbytes(20_000 + 997 * number) for number in range(11)]
    for content in contents:
        kept(content)
    made = vault.begin(OTHER, 100, "1" * 64)
    vault.append(made.id, OTHER, 0, [b"x" * 50])
    vault.discard(made.id, OTHER)
    vault.release(sha(contents[0]))
    assert shape(home) == empty, "names, sizes, times of change"
    assert not compressible(home)
    assert {path.stat().st_mode & 0o777 for path in (home / "sealed").rglob("*")} == {0o600, 0o700}
    vault.tidy()
    later = shape(home)
    assert {name: size for name, (size, _) in later.items()} == {name: size for name, (size, _) in empty.items()}
    assert len({at for _, at in later.values()}) == 1, "and the worker's round gives all one time"
    for content in contents[1:]:
        assert read(sha(content)) == content


def test_it_doubles_when_less_than_a_quarter_is_free(home: Path) -> None:  # noqa: F811
    def segments() -> int:
        vault.tidy()
        return sum(name.startswith("sealed/segments/") for name in shape(home))

    assert segments() == 4
    kept(b"a" * (3 << 20))
    assert segments() == 4
    kept(b"b" * 8192)
    assert [segments() for _ in range(6)] == [5, 6, 7, 8, 8, 8], "one in each round"
    vault.begin(OWNER, 8 << 20, "1" * 64)
    assert segments() == 16, "and at once when there is no room"
    for number in range(13):
        kept(b"%d" % number)
    assert shape(home)["sealed/index"][0] == vault_index.HEAD + 16 * 2 * vault_index.PLACE
    segments()
    assert shape(home)["sealed/index"][0] == vault_index.HEAD + 32 * 2 * vault_index.PLACE
    assert read(sha(b"a" * (3 << 20))) == b"a" * (3 << 20) and read(sha(b"7")) == b"7"
    for number in range(20):
        kept(b"more %d" % number)
    assert len(vault.everything()) == 36


def test_pieces_of_free_room_are_put_together() -> None:
    parts = [random.Random(number).randbytes(512 << 10) for number in range(8)]
    for part in parts:
        kept(part)
    for part in parts[::2]:
        vault.release(sha(part))
    large = random.Random(9).randbytes(1_900_000)
    made = vault.begin(OWNER, len(large), sha(large))
    vault.append(made.id, OWNER, 0, [large])
    vault.keep(made.id, OWNER)
    assert len(record(sha(large))[1].extents) == 4
    assert read(sha(large)) == large and all(read(sha(part)) == part for part in parts[1::2])


def test_a_full_disk_is_told_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    content = secrets.token_bytes(3 << 20)
    kept(content)
    monkeypatch.setattr(vault_pool, "RESERVE", 1 << 62)
    for fails in (lambda: vault.begin(OWNER, 2 << 20, "1" * 64), lambda: vault.put([b"x" * (2 << 20)], OWNER)):
        with pytest.raises(vault.VaultFull) as full:
            fails()
        assert full.value.status == 507 and full.value.reasons[0].passes
    vault.tidy()
    assert [each.sha256 for each in vault.everything()] == [sha(content)]
    assert read(sha(content)) == content
    assert vault.put([b"small"], OWNER).size == 5


# --- faults -----------------------------------------------------------------------------------------------------------


def places(slot: int) -> list[int]:
    """Where the two places of a slot begin in the index file."""
    return [vault_index.HEAD + (2 * slot + place) * vault_index.PLACE for place in (0, 1)]


def garble(at: int, home: Path, count: int = vault_index.PLACE) -> None:  # noqa: F811
    """Overwrite bytes of the index, as a write that was torn."""
    with (home / "sealed" / "index").open("r+b") as file:
        file.seek(at)
        file.write(secrets.token_bytes(count))
    vault_index._known.clear()


def test_a_torn_write_of_the_index_falls_back_to_the_one_before(home: Path) -> None:  # noqa: F811
    content = secrets.token_bytes(10_000)
    made = vault.begin(OWNER, len(content), sha(content))
    vault.append(made.id, OWNER, 0, [content[:4_000]])
    slot, before = record(sha(content))
    vault.append(made.id, OWNER, 4_000, [content[4_000:]])
    where = vault_space.space()
    with vault_index.locked(where.index, where.key) as index:
        newest = index._known.slots[slot].generations
    garble(places(slot)[newest.index(max(newest))] + 2048, home, 1024)
    found = vault.find(made.id, OWNER)
    assert (found.offset, found.complete) == (4_000, False)
    assert before.extents == record(sha(content))[1].extents
    vault.append(made.id, OWNER, 4_000, [content[4_000:]])
    vault.keep(made.id, OWNER)
    assert read(sha(content)) == content


def test_a_slot_that_is_lost_is_named_and_nothing_is_written_over_what_it_held(home: Path) -> None:  # noqa: F811
    content, other = secrets.token_bytes(10_000), secrets.token_bytes(20_000)
    kept(content)
    kept(other)
    slot = record(sha(content))[0]
    for at in places(slot):
        garble(at, home)
    assert [where for where, _ in vault.damages()] == [f"index/{slot}"]
    assert read(sha(other)) == other
    with pytest.raises(VaultFault):
        vault.put([b"new"], OWNER)


def test_without_its_key_or_its_index_it_says_so_and_makes_no_other(home: Path) -> None:  # noqa: F811
    kept(b"content")
    key = home / "blinding" / "vault"
    assert key.stat().st_mode & 0o777 == 0o600
    secret = key.read_bytes()
    key.unlink()
    with pytest.raises(VaultFault, match=r"missing|缺少"):
        vault.has("0" * 64)
    key.touch(0o600)
    key.write_bytes(secrets.token_bytes(32))
    vault_index._known.clear()
    with pytest.raises(VaultFault, match=r"another one|不是当时"):
        vault.begin(OWNER, 5, "1" * 64)
    key.write_bytes(secret)
    key.chmod(0o640)
    with pytest.raises(blinding.BlindingFault):
        vault.begin(OWNER, 5, "1" * 64)
    key.chmod(0o600)
    assert read(sha(b"content")) == b"content"
    (home / "sealed" / "index").unlink()
    with pytest.raises(VaultFault, match=r"missing|缺少"):
        vault.begin(OWNER, 5, "1" * 64)


def test_a_start_that_broke_off_is_completed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    with monkeypatch.context() as full:
        full.setattr(vault_pool, "RESERVE", 1 << 62)
        with pytest.raises(vault.VaultFull):
            vault.begin(OWNER, 5, "1" * 64)
    kept(b"content")
    assert len(shape(home)) == 5 and read(sha(b"content")) == b"content"


def test_a_segment_cut_short_is_a_fault_not_a_wrong_file(home: Path) -> None:  # noqa: F811
    kept(b"x" * (2 << 20))
    segment = home / "sealed" / "segments" / "0001"
    with segment.open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(VaultFault):
        read(sha(b"x" * (2 << 20)))
    segment.unlink()
    assert [where for where, _ in vault.damages()] == [sha(b"x" * (2 << 20))]


def test_a_file_of_unknown_length_that_broke_off_is_cleared_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        yield b"x" * (2 << 20)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        vault.put(broken(), OWNER)
    where = vault_space.space()
    with vault_index.locked(where.index, where.key) as index:
        assert list(index) == [], "an orderly end clears up at once"
    monkeypatch.setattr("yiwang.modules.evidence.vault_writing.Incoming.give_up", lambda _: None)
    with pytest.raises(KeyboardInterrupt):
        vault.put(broken(), OWNER)
    vault.tidy()
    with vault_index.locked(where.index, where.key) as index:
        assert len(list(index)) == 1
    monkeypatch.setattr(vault_space, "BROKEN_AFTER", -5)
    vault.tidy()
    with vault_index.locked(where.index, where.key) as index:
        assert list(index) == []

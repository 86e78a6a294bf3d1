"""Reading a table of bids: what is wrong is named by line, column and rule, and harms no other auction."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from yiwang.demo.replay import mapping as mappings
from yiwang.demo.replay import table as tables
from yiwang.kernel.errors import BadInput

from .conftest import auction, line

MAPPING = mappings.read(mappings.default_path())


def rules_of(path: Path) -> dict[str, list[tuple[int, str, str]]]:
    return {each.key: [(f.line, f.column, f.rule) for f in each.faults] for each in tables.read(path, MAPPING)}


def test_lines_become_auctions_in_fen(table) -> None:
    path = table(*auction("1", ["800", "900.5", "950"]))
    (found,) = tables.read(path, MAPPING)
    assert (found.key, found.ceiling, found.minimum) == ("2010/1", 100_000, 70_000)
    assert [bid.price for bid in found.bids] == [80_000, 90_050, 95_000]
    assert [bid.won for bid in found.bids] == [True, False, False]


@pytest.mark.parametrize(
    ("bid", "rule"),
    [("", "price.present"), ("-5", "price.positive"), ("0", "price.positive"), ("many", "price.number"), ("NaN", "price.positive"),
     ("1.00001", "price.range"), ("1e99", "price.range")],
)  # fmt: skip
def test_a_wrong_price_is_named(table, bid: str, rule: str) -> None:
    path = table(line("1", "a", "800"), line("1", "b", bid), *auction("2", ["800", "810", "820"]))
    assert rules_of(path) == {"2010/1": [(3, "bid", rule)], "2010/2": []}


def test_a_firm_bids_once(table) -> None:
    path = table(line("1", "a", "800"), line("1", "b", "810"), line("1", "a", "790"))
    assert rules_of(path) == {"2010/1": [(4, "bidder_id", "bid.duplicate")]}


def test_a_line_with_too_few_cells_is_named_and_the_rest_goes_on(table) -> None:
    path = table(*auction("1", ["800", "810", "820"]), below="2010,2,short\r\n2010,3,x\r\n")
    assert rules_of(path) == {"2010/1": [], "2010/2": [(5, "", "csv.columns")], "2010/3": [(6, "", "csv.columns")]}


def test_a_broken_quote_is_named(table) -> None:
    found = rules_of(table(*auction("1", ["800", "810", "820"]), below='2010,2,"a"b,1,1,1,1,0,0,20100510,t,1,\r\n'))
    assert found["2010/1"] == []
    assert found["line-5"] == [(5, "", "csv")]


def test_bytes_that_are_no_text_are_named(table) -> None:
    path = table(*auction("1", ["800", "810", "820"]))
    path.write_bytes(path.read_bytes() + b"2010,2,\xff,9,1000,700,800,0,0,20100510,t,1,\r\n")
    assert rules_of(path)["2010/2"] == [(5, "", "csv.encoding")]


def test_a_wrong_date_and_differing_bounds_are_named(table) -> None:
    path = table(line("1", "a", "800", date="2010-05"), line("2", "a", "800"), line("2", "b", "810", reserveprice="999"))
    assert rules_of(path) == {"2010/1": [(2, "date", "date")], "2010/2": [(4, "reserveprice", "auction.same")]}


def test_a_line_without_an_auction_is_named(table) -> None:
    assert rules_of(table(line("", "a", "800"))) == {"line-2": [(2, "year+pid", "auction.key")]}


def test_gzip_is_read_and_a_damaged_one_refused(table, tmp_path: Path) -> None:
    plain = table(*auction("1", ["800", "810", "820"])).read_bytes()
    packed = tmp_path / "bids.csv.gz"
    packed.write_bytes(gzip.compress(plain))
    assert len(tables.read(packed, MAPPING)) == 1
    packed.write_bytes(gzip.compress(plain)[:-20])
    with pytest.raises(BadInput, match="损坏"):
        tables.read(packed, MAPPING)


def test_a_missing_column_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BadInput, match="reserveprice"):
        tables.read(path, MAPPING)


def test_a_file_of_another_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    with pytest.raises(BadInput):
        tables.read(path, MAPPING)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [("bid: bid ", "bit: bid ", "bit"), ("fen_per_unit: 100", "fen_per_unit: 0", "fen_per_unit"), ("encoding: utf-8", "encoding: klingon", "klingon"),
     ("category: works", "category: fun", "fun"), ('delimiter: ","', 'delimiter: ",,"', "delimiter"), ("  title: projecttitle\n", "", "title")],
)  # fmt: skip
def test_a_wrong_mapping_names_file_line_and_fault(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = mappings.default_path().read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput, match=says) as caught:
        mappings.read(path)
    assert caught.value.reasons[0].field.startswith("mine.yaml:")


def test_other_peoples_columns(tmp_path: Path) -> None:
    """A table with other names, another separator and amounts in cents, by a mapping of its own."""
    file = tmp_path / "mine.yaml"
    file.write_text(
        "name: mine\norigin: my city\nencoding: latin-1\ndelimiter: ';'\nauction: [lot]\n"
        "columns: {bidder: firm, bid: cents, winner: won, date: day, title: what}\nvalues: {winner: ['yes']}\n"
        "date_format: '%d.%m.%Y'\namount: {currency: EUR, fen_per_unit: 1}\ncategory: goods\n",
        encoding="utf-8",
    )
    table = tmp_path / "mine.csv"
    table.write_bytes("lot;firm;cents;won;day;what\n7;Müller;12345;yes;31.01.2020;Stühle\n".encode("latin-1"))
    (found,) = tables.read(table, mappings.read(file))
    assert (found.bids[0].name, found.bids[0].price, found.ceiling, str(found.held)) == ("Müller", 12345, None, "2020-01-31")


def test_the_real_table(real_table: Path) -> None:
    found = tables.read(real_table, MAPPING)
    assert len(found) == 1565
    assert sum(len(each.bids) for each in found) + sum(f.rule == "price.present" for each in found for f in each.faults) == 6013
    assert {f.rule for each in found for f in each.faults} == {"price.present", "bid.duplicate"}

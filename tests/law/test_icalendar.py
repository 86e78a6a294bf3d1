"""iCalendar files that other programs read: folding, escaping, whole days, and nobody's title breaks out of its line."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.icalendar import Entry, calendar

NOW = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)


def unfolded(file: bytes) -> list[str]:
    assert file.endswith(b"\r\n")
    for line in file.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")  # no character is cut
    return file.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]


def test_a_moment_and_a_whole_day() -> None:
    close = Entry("A-1/close@yiwang", NOW, "投标截止", "GC-01", "https://x/1", 60)
    lines = unfolded(calendar("开标", [close, Entry("calendar/1@yiwang", date(2026, 12, 31), "不办公")], NOW))
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//yiwang//statutory clock//ZH"]
    assert lines[-1] == "END:VCALENDAR"
    assert "DTSTART:20261124T010203Z" in lines and "DTEND:20261124T020203Z" in lines
    assert "DTSTART;VALUE=DATE:20261231" in lines and "DTEND;VALUE=DATE:20270101" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == lines.count("DTSTAMP:20261124T010203Z") == 2


@given(st.text(max_size=120), st.text(max_size=300))
def test_any_title_stays_one_line_and_comes_back(summary: str, description: str) -> None:
    lines = unfolded(calendar("名", [Entry("u", NOW, summary, description)], NOW))
    assert lines.count("BEGIN:VEVENT") == 1
    assert all(":" in line for line in lines)
    told = next(line for line in lines if line.startswith("SUMMARY:")).removeprefix("SUMMARY:")
    plain = told.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    assert all(char in plain for char in summary if char.isalnum())

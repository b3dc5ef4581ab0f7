"""What an entry is in any format: its name, its date."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.readers.feed_entry import read_date

MOMENTS = st.datetimes(
    datetime(1950, 1, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    datetime(2068, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
).map(lambda moment: moment.replace(microsecond=0))


@given(MOMENTS)
def test_dates_of_mail_and_of_iso_8601_are_one_moment(moment: datetime) -> None:
    assert datetime.fromisoformat(read_date(format_datetime(moment))) == moment
    assert read_date(moment.isoformat()) == moment.isoformat()
    if moment.tzinfo == UTC:
        assert read_date(f"{moment:%Y-%m-%dT%H:%M:%SZ}") == moment.isoformat()


@given(st.text(max_size=40) | st.text("0123456789-:T+ ZFeb,", max_size=30))
def test_whatever_else_is_no_error(text: str) -> None:
    date = read_date(text)

    assert date == "" or datetime.fromisoformat(date)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2 Mar 2031 10:00 GMT", "2031-03-02T10:00:00+00:00"),
        ("Sunday, 2 March 2031 10:00:00 +0000", "2031-03-02T10:00:00+00:00"),
        ("  Sun,\n 02 Mar 31 10:00:00 PST ", "2031-03-02T10:00:00-08:00"),
        ("2031-03-02", "2031-03-02"),
        ("2031-03", "2031-03-01"),
        ("2031", "2031-01-01"),
        ("2031-03-02t10:00:00z", "2031-03-02T10:00:00+00:00"),
        ("2031-03-02 10:00:00 +01:00", "2031-03-02T10:00:00+01:00"),
        ("2031-03-02T10:00:00.5Z", "2031-03-02T10:00:00.500000+00:00"),
        ("2031-13", ""),
        ("99 Foo 2031 10:00", ""),
        ("gestern", ""),
        ("9" * 5000, ""),
    ],
)
def test_what_feeds_write(text: str, date: str) -> None:
    assert read_date(text) == date

"""Feeds that are hostile, huge, broken, or tell one story in several places."""

import socket
import tracemalloc
from pathlib import Path
from typing import Final

import pytest

from dedup.config import CanonicalConfig, Config, Policy
from dedup.pipeline import find_duplicates
from tests.readers.generated_feeds import read_bytes, read_ids, read_texts

RSS: Final = '<rss version="2.0"><channel><title>News</title>{}</channel></rss>'
ITEM: Final = (
    "<item><guid>{0}</guid><description>&lt;p>Story {0} of the quay&lt;/p></description></item>\n"
)
N_MANY: Final = 100_000


def peak_of(content: bytes) -> int:
    """Give the most bytes that reading a feed holds at a time."""
    read_bytes(content[:1000])  # what is loaded once is not counted
    tracemalloc.start()
    try:
        read_bytes(content)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_declared_entities_are_never_expanded_and_nothing_is_fetched(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a feed made something connect or open a file")

    content = (data / "syndication" / "hostile-entities.xml").read_bytes()
    read_bytes(content)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr("builtins.open", refuse)

    texts = read_texts(read_bytes(content))

    assert texts == [
        ["Between here &f; and there &secret; nothing is fetched &remote; and nothing grows."]
    ]
    assert peak_of(content) < 1 << 20


@pytest.mark.parametrize(
    "inner",
    [
        "<item>" + "<x>" * N_MANY + "a" + "</x>" * N_MANY + "</item>",
        "<item><description>" + "<b>" * N_MANY + "a</description></item>",
        "<item><title>" * (N_MANY // 4),
        "<item><description>" * (N_MANY // 4) + "a",
        "</item>" * N_MANY,
        "<a>" * N_MANY + "</b>" * N_MANY,
        "<" * N_MANY,
        "<a '" * N_MANY,
        "<item x=" * N_MANY,
        "<!--" * N_MANY,
        "<![CDATA[" * N_MANY,
        "<item><title><![CDATA[" + "]]" * N_MANY,
        "<?" * N_MANY,
        "<item><description>" + "&" * N_MANY + "</description></item>",
        "<item><description>" + "&lt;" * N_MANY + "</description></item>",
        "<item><description>" + " \n" * N_MANY + "a</description></item>",
        "<item><description>" + "a\n\n" * N_MANY + "</description></item>",
        "<item><guid>1</guid></item>" * (N_MANY // 10),
        "<item><pubDate>" + "(" * N_MANY + "</pubDate></item>",
    ],
    ids=lambda inner: inner[:20],
)
def test_what_is_nested_or_repeated_100_000_times_takes_linear_time(inner: str) -> None:
    # A quadratic reader would take hours here, or the whole stack.
    read_bytes(f"<rss><channel>{inner}".encode())


@pytest.mark.parametrize(
    "value",
    [
        "[" * N_MANY,
        '{"a":' * N_MANY,
        '"' * N_MANY,
        '"' + "\\" * N_MANY,
        "[" * N_MANY + "]" * N_MANY,
    ],
    ids=lambda value: value[:5],
)
def test_json_nested_100_000_times_takes_linear_time(value: str) -> None:
    head = '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "_x": '

    try:
        batch = read_bytes(f"{head}{value}".encode())
    except Exception as error:  # noqa: BLE001 -- broken JSON may be said to be
        assert "its JSON is broken" in str(error)  # noqa: PT017
    else:
        assert read_ids(batch) == ["1"]


def test_a_doctype_of_quotes_and_brackets_ends() -> None:
    subset = "'" + '"' * N_MANY + "[<!--" * N_MANY

    batch = read_bytes(f"<!DOCTYPE rss [{subset}--></x>\n]]>{RSS.format('<item/>')}".encode())

    assert len(batch.ids) == 1


def test_ten_thousand_entries_are_read_in_order() -> None:
    content = RSS.format("".join(ITEM.format(n) for n in range(10_000))).encode()

    batch = read_bytes(content)

    assert read_ids(batch) == [str(n) for n in range(10_000)]
    assert read_texts(batch) == [[f"Story {n} of the quay"] for n in range(10_000)]
    assert batch.lines.tolist() == list(range(1, 10_001))


def test_memory_grows_with_the_feed_and_no_faster() -> None:
    small, large = (
        RSS.format("".join(ITEM.format(n) for n in range(size))).encode() for size in (500, 4000)
    )

    assert peak_of(large) < 8 * 1.5 * peak_of(small)


def test_one_story_in_two_feeds_is_found_once_with_both_links(data: Path) -> None:
    report = find_duplicates([data / "syndication"], Config())

    gazette = "https://gazette.example/night-ferry"
    found = {
        (f.rule, Path(f.reference.path or "").name, f.reference.start_line): (
            f.reference.link,
            f.source.link,
        )
        for f in report.findings
    }
    assert found == {
        ("DUP001", "harbour.rss.xml", 31): (f"{gazette}?from=rss&no=2", f"{gazette}?from=rss&no=1"),
        ("DUP002", "harbour.rss.xml", 32): (f"{gazette}?from=rss&no=2", f"{gazette}?from=rss&no=1"),
        ("DUP001", "minato.json", 20): (gazette, f"{gazette}?from=rss&no=1"),
        ("DUP001", "skerries.atom.xml", 30): (
            "https://schaeren.example/8",
            f"{gazette}?from=rss&no=1",
        ),
    }


@pytest.mark.parametrize(
    ("policy", "kept"),
    [("oldest", "gazette-1041"), ("newest", "tag:schaeren.example,2031:8")],
)
def test_dates_of_feeds_decide_which_copy_is_kept(data: Path, policy: Policy, kept: str) -> None:
    config = Config(canonical=CanonicalConfig(policy=policy))

    report = find_duplicates([data / "syndication"], config)

    groups = report.to_dict()["groups"]
    assert [group["canonical"]["document"] for group in groups if len(group["members"]) == 3] == [
        kept
    ]

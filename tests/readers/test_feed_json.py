"""JSON Feed, each string with its place."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.model import Head
from dedup.readers.feed_entry import Feed, NoFeedError
from dedup.readers.feed_json import read_json_feed

VERSION = '"version": "https://jsonfeed.org/version/1.1"'
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


def read_items(*items: str, more: str = "") -> Feed:
    return read_json_feed(f'{{{VERSION}, {more} "items": [{", ".join(items)}]}}')


@given(st.lists(st.dictionaries(st.sampled_from(["id", "x", "content_text", "url", "_e"]), VALUES)))
def test_any_value_is_passed_over(items: list[dict[str, Any]]) -> None:
    source = json.dumps({"a": items, "items": items, "version": "http://jsonfeed.org/version/1"})

    feed = read_json_feed(source)

    assert feed.cut_off == ""
    found = [json.loads(source[entry.start : entry.end]) for entry in feed.entries]
    assert json.dumps(found) == json.dumps(items)
    for entry, item in zip(feed.entries, items, strict=True):
        if isinstance(item.get("id"), str):
            url = item.get("url")
            known = " ".join(item["id"].split())
            assert entry.name == known or not known or url is not None


def test_fields_of_an_item() -> None:
    (entry,) = read_items(
        r'{"id": " \u0061 ", "url": "u", "external_url": "x", "title": "T &amp; <b>t</b>", '
        '"language": "fr", "date_published": "2031-01-01", "date_modified": "2031-02-02", '
        '"content_text": "text", "content_html": "<p>html</p>", "summary": "summary", '
        '"attachments": [{"url": "a", "title": "b"}], "authors": [{"name": "c", "url": "d"}]}',
        more='"language": "de", "authors": [{"name": "items", "items": []}],',
    ).entries

    assert (entry.name, entry.date) == ("a", "2031-01-01")
    assert entry.head == Head("u", "T & t", "fr")
    assert [block.text for block in entry.blocks] == ["html"]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ('{"content_html": "", "content_text": "a\\n\\nb <i>"}', ["a", "b <i>"]),
        ('{"content_html": null, "summary": "a"}', ["a"]),
        ('{"content_text": ["a"], "summary": "b <i>c</i>"}', ["b c"]),
        ('{"content_text": "a", "content_text": "b"}', ["b"]),  # the last one counts, as for json
        ("{}", []),
    ],
)
def test_the_fullest_text_is_taken(item: str, expected: list[str]) -> None:
    (entry,) = read_items(item).entries

    assert [block.text for block in entry.blocks] == expected


def test_ids_may_be_numbers_and_links_stand_in() -> None:
    feed = read_items(
        '{"id": 17}', '{"id": null, "url": "u"}', '{"external_url": "x"}', "5", "null"
    )

    assert [entry.name for entry in feed.entries] == ["17", "u", "x"]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (f'{{{VERSION} "items": []}}', "found '\"', expected ',' or '}'"),
        (f"{{{VERSION}, items: []}}", "found 'i', expected a key in quotes"),
        (f'{{{VERSION}, "items": [{{"id" 1}}]}}', "found '1', expected ':'"),
        (f'{{{VERSION}, "items": [{{"id": 1}} 5]}}', "found '5', expected ',' or ']'"),
        (f'{{{VERSION}, "items": [}}', "found '}', expected a value"),
        ('{"version": 1, "items": []}', "its 'version' is '1'"),
        ('{"items": [', "its 'version' is nothing"),
    ],
)
def test_broken_json_is_said_to_be(source: str, problem: str) -> None:
    with pytest.raises(NoFeedError) as raised:
        read_json_feed(source)

    assert problem in str(raised.value)


def test_every_beginning_of_a_feed_is_read_as_far_as_it_goes() -> None:
    source = (
        f'{{{VERSION}, "items": [{{"id": "a", "tags": ["x"], "content_text": "on\\u0065"}}, {{}}]}}'
    )
    for size in range(len(VERSION) + 1, len(source)):
        feed = read_json_feed(source[:size])

        assert feed.cut_off
        texts = [block.text for entry in feed.entries for block in entry.blocks]
        assert texts in ([], ["o"], ["on"], ["onu"], ["onu0"], ["onu00"], ["onu006"], ["one"])


def test_commas_too_many_do_not_matter() -> None:
    assert len(read_items('{"id": 1,}', '{"id": 2}', "").entries) == 2

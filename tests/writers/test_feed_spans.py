"""The stretches of a feed that hold what is to go, and nothing else."""

import pytest

from dedup.readers.feed import read_feed
from dedup.writers.feed_spans import find_body_spans, find_entry_spans


def cut_entries(text: str, whole: list[int]) -> list[list[str]]:
    """Cut out what is found for each entry."""
    spans = find_entry_spans(text, read_feed(text, "a"), whole)
    return [[text[start:end] for start, end in spans[number]] for number in whole]


def cut_blocks(text: str, removed: list[int]) -> list[tuple[list[str], tuple[int, ...]]]:
    """Cut out what is found for blocks of the first entry."""
    entry = read_feed(text, "a").entries[0]
    found = find_body_spans(text, entry, removed)
    return [([text[start:end] for start, end in spans], blocks) for spans, blocks in found]


@pytest.mark.parametrize(
    ("around", "cut"),
    [
        ("<rss>\n\t{}\n</rss>", "\t{}\n"),
        ("<rss>\r\n{} \r\n</rss>", "{} \r\n"),
        ("<rss>\n{}<!-- c -->\n</rss>", "{}"),
        ("<rss> {}\n</rss>", "{}"),
        ("<rss>\n{}", "{}"),
    ],
)
def test_an_entry_takes_its_line_where_it_stands_alone(around: str, cut: str) -> None:
    item = "<item><guid>1</guid>\n</item>"

    assert cut_entries(around.format(item), [0]) == [[cut.format(item)]]


def test_the_nth_mention_is_that_of_the_nth_item() -> None:
    text = (
        "<rdf:RDF><channel><items><rdf:li resource='a'/><rdf:li resource='b'/><rdf:li"
        " resource='a' n='2'/></items></channel><item rdf:about='a'/><item rdf:about='b'/>"
        "<item rdf:about='a' n='2'/></rdf:RDF>"
    )

    assert cut_entries(text, [1, 2]) == [
        ["<rdf:li resource='b'/>", "<item rdf:about='b'/>"],
        ["<rdf:li resource='a' n='2'/>", "<item rdf:about='a' n='2'/>"],
    ]


def test_elements_of_json_share_no_comma() -> None:
    text = (
        '{"version": "https://jsonfeed.org/version/1", "items": [{"id": 1} , {"id": 2},{"id": 3}]}'
    )

    assert cut_entries(text, [0, 2]) == [['{"id": 1} , '], [',{"id": 3}']]
    assert cut_entries(text, [1, 2]) == [[', {"id": 2}'], [',{"id": 3}']]


def test_blocks_are_cut_where_the_source_spells_them() -> None:
    body = "&lt;p>a&lt;/p>&lt;p>b &amp;amp; c&lt;/p>"
    text = f"<rss><item><description>{body}</description></item></rss>"

    assert cut_blocks(text, [1]) == [(["&lt;p>b &amp;amp; c&lt;/p>"], (1,))]


def test_an_entry_without_text_has_nothing_to_cut() -> None:
    assert cut_blocks("<rss><item/></rss>", []) == []

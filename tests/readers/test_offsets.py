"""Places of a text led back to its source, against maps made by hand, character by character."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.readers.offsets import OffsetMap, find_spelled, spell_out

# What spells nothing, one, two and three characters; "{}" spells the empty text.
MEANINGS = {"{}": "", "{a}": "x", "{bb}": "xy", "{}{}": "é", "{漢}": "字字字"}
SPELLINGS = re.compile("|".join(map(re.escape, sorted(MEANINGS, key=len, reverse=True))))
PIECES = st.lists(st.sampled_from([*MEANINGS, "a", "漢", "{", "é ", "\U0001f600"]))
FULL = {spelled: meant for spelled, meant in MEANINGS.items() if meant}
FULL_SPELLINGS = re.compile("|".join(map(re.escape, sorted(FULL, key=len, reverse=True))).encode())


def map_by_hand(source: str) -> tuple[str, list[int], list[int]]:
    """Give the text, where each of its characters begins in the source, and where it ends."""
    text, starts, ends, place = "", [], [], 0
    while place < len(source):
        match = SPELLINGS.match(source, place)
        meant = MEANINGS[match[0]] if match else source[place]
        end = match.end() if match else place + 1
        text += meant
        starts += [place] * len(meant)
        ends += [end] * len(meant)
        place = end
    return text, starts, ends


@given(PIECES.map("".join))
@example("{}a{}")
@example("{bb}{bb}")
@example("{}{a}{}{}{bb}")
def test_each_character_is_led_to_where_it_is_spelled(source: str) -> None:
    text, starts, ends = map_by_hand(source)

    found, places = spell_out(source, SPELLINGS, MEANINGS.__getitem__)

    assert found == text
    assert [places.start(place) for place in range(len(text))] == starts
    assert [places.end(place + 1) for place in range(len(text))] == ends


@given(PIECES.map("".join))
def test_places_keep_their_order_and_stay_in_the_source(source: str) -> None:
    text, places = spell_out(source, SPELLINGS, MEANINGS.__getitem__)

    starts = [places.start(place) for place in range(len(text) + 1)]
    ends = [places.end(place) for place in range(len(text) + 1)]
    assert all(left <= right for each in (starts, ends) for left, right in pairwise(each))
    assert starts[-1] == len(source)
    assert ends[0] == 0
    assert all(end <= start for start, end in zip(starts, ends, strict=True) if start == end)


@given(PIECES.map("".join), st.data())
def test_a_stretch_of_the_text_spells_itself(source: str, data: st.DataObject) -> None:
    text, places = spell_out(source, SPELLINGS, MEANINGS.__getitem__)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start == end:
        return

    spelled = source[places.start(start) : places.end(end)]

    # Whole spellings: a stretch that begins or ends inside one takes all of it.
    assert text[start:end] in spell_out(spelled, SPELLINGS, MEANINGS.__getitem__)[0]
    assert source[: places.start(start)] + spelled + source[places.end(end) :] == source


def test_a_text_without_spellings_is_its_own_map() -> None:
    text, places = spell_out("as it is", re.compile("x"), str.upper)

    assert (text, places) == ("as it is", OffsetMap([], []))
    assert [(places.start(place), places.end(place)) for place in (0, 3, 8)] == [
        (0, 0),
        (3, 3),
        (8, 8),
    ]


def test_a_long_spelling_is_led_to_its_beginning_and_end() -> None:
    _, places = spell_out("a&NotEqualTilde;b", re.compile("&.*;"), lambda _: "\u2242\u0338")

    assert [places.start(place) for place in range(5)] == [0, 1, 1, 16, 17]
    assert [places.end(place) for place in range(5)] == [0, 1, 16, 16, 17]


@given(PIECES.map("".join).filter(lambda text: "{}" not in text.replace("{}{}", "")))
@pytest.mark.parametrize("as_view", [False, True])
def test_a_few_places_are_found_without_a_map(as_view: bool, source: str) -> None:  # noqa: FBT001 -- parametrized
    content = source.encode()
    text, _, _ = map_by_hand(source)
    _, places = spell_out(source, SPELLINGS, MEANINGS.__getitem__)
    sizes = {spelled.encode(): len(meant.encode()) for spelled, meant in FULL.items()}

    wanted = [len(text[:place].encode()) for place in range(len(text) + 1)]
    given_source = memoryview(content) if as_view else content
    found = find_spelled(given_source, FULL_SPELLINGS, sizes.__getitem__, wanted)

    assert found == [len(source[: places.start(place)].encode()) for place in range(len(text) + 1)]
    assert find_spelled(given_source, FULL_SPELLINGS, sizes.__getitem__, []) == []
    assert find_spelled(given_source, FULL_SPELLINGS, sizes.__getitem__, wanted[-1:]) == [
        len(content)
    ]

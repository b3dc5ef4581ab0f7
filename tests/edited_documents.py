"""Documents of few texts that are equal, edited, said again, put together or short."""

from typing import Final, TypeAlias

from hypothesis import strategies as st

from dedup.config import (
    RULE_OF_RELATION,
    BandsConfig,
    BoilerplateConfig,
    CanonicalConfig,
    Config,
    ParagraphsConfig,
    RestatementConfig,
    RunConfig,
    ShinglesConfig,
)

Documents: TypeAlias = list[list[str]]
RELATIONS: Final = tuple(RULE_OF_RELATION)

_REST: Final = "can be filled with concrete, the water board of Marnow said on Monday."
_BY_WHOM: Final = "three metres by engineers, said the Marnow water board."
BASES: Final = [
    "on the day the ferry came back from the islands nobody in the harbour knew its new captain",
    "the council of the old town sold the mill by the river to a family from the northern coast",
    f"Engineers must lower the lake by three metres before the crack in the dam {_REST}",
    f"Before concrete can fill the crack in the dam, the lake must be lowered {_BY_WHOM}",
    "when winter came early that year the bakers of the valley ran out of flour in a few weeks",
]
_SHORT: Final = ["all rights kept", "back to top"]
_SPARE: Final = ("mill", "river", "spring", "coast", "12", "13", "march", "may", "lake", "dam")


def _edit(base: str, edits: list[tuple[int, str]]) -> str:
    words = base.split()
    for place, word in edits:
        words[place % len(words)] = word
    return " ".join(words)


_EDITED: Final = st.builds(
    _edit,
    st.sampled_from(BASES),
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from(_SPARE)), max_size=5),
)
_TEXTS: Final = st.one_of(
    _EDITED,
    st.sampled_from(BASES + _SHORT),
    st.lists(st.sampled_from(BASES) | _EDITED, min_size=2, max_size=3).map(" ".join),
)
DOCUMENTS: Final = st.lists(st.lists(_TEXTS, min_size=1, max_size=5), max_size=7)
CONFIGS: Final = st.builds(
    Config,
    canonical=st.builds(CanonicalConfig, st.sampled_from(["first", "longest"])),
    bands=st.sampled_from(
        [
            BandsConfig(),
            BandsConfig(all_pairs_up_to=0),
            BandsConfig(0.9, 0, full_bucket=4, few_in_bucket=2),
        ]
    ),
    shingles=st.sampled_from([ShinglesConfig(), ShinglesConfig("char", 5)]),
    boilerplate=st.sampled_from([BoilerplateConfig(), BoilerplateConfig(min_documents=2)]),
    restatement=st.sampled_from([RestatementConfig(), RestatementConfig(all_pairs_up_to=0)]),
    paragraphs=st.builds(
        ParagraphsConfig, within=st.sampled_from(["both", "both", "corpus", "document"])
    ),
    run=st.just(RunConfig(engine="numpy", jobs=1)),
)

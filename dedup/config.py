"""Hold every setting, its default and the reason; refuse bad values.

One frozen class a stage. The API, the command and `dedup explain config` all read these classes;
nothing else holds a default.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import PurePath
from typing import Any, Final, Literal, TypeAlias, cast, get_args

from dedup.errors import SettingError

Unit: TypeAlias = Literal["paragraph", "record"]
ShingleKind: TypeAlias = Literal["word", "char"]
Policy: TypeAlias = Literal["first", "longest", "newest", "oldest", "priority"]
Within: TypeAlias = Literal["document", "corpus", "both"]
EngineChoice: TypeAlias = Literal["auto", "numpy", "numba"]
RULES: Final = ("DUP001", "DUP002", "DUP003", "DUP004", "DUP005", "DUP006", "DUP900")


def _setting(default: Any, reason: str) -> Any:  # noqa: ANN401 -- as `dataclasses.field`
    return field(default=default, metadata={"reason": reason})


def _refuse(name: str, value: object, allowed: str) -> SettingError:
    return SettingError(f"setting {name} is {value!r}: allowed is {allowed}. Choose another value.")


def _check_choice(name: str, value: object, choices: object) -> None:
    if value not in get_args(choices):
        raise _refuse(name, value, " or ".join(get_args(choices)))


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise _refuse(name, value, f"{low} to {high}")


@dataclass(frozen=True, slots=True)
class ReadersConfig:
    """How sources become documents."""

    input_format: str | None = _setting(None, "None: by the file's ending")
    text_field: str = _setting("text", "the name that corpora use most")
    id_field: str = _setting("id", "likewise; a record without it is named by its line")
    date_field: str | None = _setting(None, "needed by the policies newest and oldest only")
    skip_errors: bool = _setting(default=False, reason="a source that cannot be read is no result")
    stdin_filename: str = _setting("<stdin>", "what findings in standard input are named after")
    max_bytes: int = _setting(16 << 30, "stops a compression bomb; more than a machine here holds")

    def __post_init__(self) -> None:
        """Refuse an empty field name and a size under one byte."""
        if not self.text_field:
            raise _refuse("text_field", self.text_field, "a field's name")
        _check_range("max_bytes", self.max_bytes, 1, 1 << 60)


@dataclass(frozen=True, slots=True)
class ParagraphsConfig:
    """Which paragraphs are compared."""

    unit: Unit = _setting("paragraph", "record: one text field is one paragraph")
    min_words: int = _setting(8, "'Share.' is no evidence and 'See also' no duplicate")
    within: Within = _setting("both", "copies inside an article and across articles alike")

    def __post_init__(self) -> None:
        """Refuse what is not a choice and a negative count."""
        _check_choice("unit", self.unit, Unit)
        _check_choice("within", self.within, Within)
        _check_range("min_words", self.min_words, 1, 10_000)


@dataclass(frozen=True, slots=True)
class ShinglesConfig:
    """What two paragraphs are compared by."""

    kind: ShingleKind = _setting("word", "char:5 at 0.50 is for noisy text, at 8 times the memory")
    size: int = _setting(3, "word 5-shingles lose 1 % OCR noise (resemblance 0.60)")

    def __post_init__(self) -> None:
        """Refuse what is not a choice and sizes outside 1 to 32."""
        _check_choice("shingles", self.kind, ShingleKind)
        _check_range("shingles", self.size, 1, 32)


@dataclass(frozen=True, slots=True)
class SignaturesConfig:
    """How shingle sets are signed."""

    num_perm: int = _setting(128, "datasketch's default; 42 bands of 3 reach 0.99996 at 0.6")
    seed: int = _setting(1, "datasketch's default; a setting, so that a run can be repeated")

    def __post_init__(self) -> None:
        """Refuse counts outside 16 to 256 and seeds that NumPy's generator does not take."""
        _check_range("num_perm", self.num_perm, 16, 256)
        _check_range("seed", self.seed, 0, 2**32 - 1)


@dataclass(frozen=True, slots=True)
class BandsConfig:
    """How candidate pairs are proposed."""

    recall: float = _setting(0.999, "share of pairs at the threshold that share a band, at least")
    all_pairs_up_to: int = _setting(2000, "so few paragraphs are compared all with all, exactly")
    all_pairs_meetings: int = _setting(
        20_000_000, "shingles shared, over all pairs; past it bands propose, as for a corpus"
    )
    full_bucket: int = _setting(64, "members paired with every earlier one; design section 4")
    few_in_bucket: int = _setting(8, "first members that every later one is paired with")

    def __post_init__(self) -> None:
        """Refuse a recall that no bands give, and counts under one."""
        _check_range("band recall", self.recall, 0.5, 0.999999)
        _check_range("all_pairs_up_to", self.all_pairs_up_to, 0, 20_000)
        _check_range("all_pairs_meetings", self.all_pairs_meetings, 0, 1 << 40)
        _check_range("full_bucket", self.full_bucket, 2, 10_000)
        _check_range("few_in_bucket", self.few_in_bucket, 1, self.full_bucket)


@dataclass(frozen=True, slots=True)
class VerifyConfig:
    """When a measured pair counts."""

    min_resemblance: float = _setting(0.60, "about 10 % edited words; precision 0.999 on web pages")
    min_containment: float = _setting(0.80, "share of the shorter's shingles")
    max_length_ratio: float = _setting(0.80, "shorter to longer, of a contained pair")
    slot_guard: bool = _setting(default=True, reason="texts with other facts are not removable")
    max_edits: int = _setting(512, "of an alignment; past it a pair passes the guard, counted")
    alike_share: float = _setting(0.90, "of tokens matched, from which one conflict is enough")

    def __post_init__(self) -> None:
        """Refuse thresholds outside (0, 1]."""
        for name in ("min_resemblance", "min_containment", "max_length_ratio", "alike_share"):
            _check_range(name, getattr(self, name), 0.01, 1.0)
        _check_range("max_edits", self.max_edits, 1, 4096)


@dataclass(frozen=True, slots=True)
class RestatementConfig:
    """When a paragraph says again what others said, in other words; see `dedup.restatement`."""

    min_score: float = _setting(
        0.40, "2026-11-24: of 1,149 paragraphs of clean news the highest has 0.36"
    )
    long_discount: float = _setting(
        0.15,
        "of min_score, from 60 content terms on (none up to 20): chance shares fall with length",
    )
    strict_score: float = _setting(0.55, "reference documents repeat their terms by nature")
    min_dice: float = _setting(0.36, "of a rewritten pair's terms: finds what char:5 at 0.20 finds")
    min_terms: int = _setting(8, "content terms; fewer are no evidence, counted as too short")
    reference_paragraphs: int = _setting(40, "more make a document one of reference")
    reference_share: float = _setting(0.20, "of tables and code, that makes it one of reference")
    anchor_rows: int = _setting(20, "paragraphs that hold an anchor, at most: more name nobody")
    anchor_share: float = _setting(0.03, "of the shorter paragraph's anchors that a pair shares")
    all_pairs_up_to: int = _setting(50, "so few paragraphs are compared all with all, no anchors")
    strict: bool = _setting(default=False, reason="strict_score for every document")
    sensitive: bool = _setting(default=False, reason="show what comes near the threshold too")

    def __post_init__(self) -> None:
        """Refuse thresholds outside (0, 1] and settings that contradict each other."""
        for name in ("min_score", "strict_score", "min_dice", "anchor_share"):
            _check_range(name, getattr(self, name), 0.01, 1.0)
        _check_range("long_discount", self.long_discount, 0.0, 0.9)
        _check_range("reference_share", self.reference_share, 0.0, 1.0)
        _check_range("min_terms", self.min_terms, 1, 10_000)
        _check_range("reference_paragraphs", self.reference_paragraphs, 0, 1 << 40)
        _check_range("all_pairs_up_to", self.all_pairs_up_to, 0, 2000)
        _check_range("anchor_rows", self.anchor_rows, 2, 1000)
        if self.strict and self.sensitive:
            raise _refuse("sensitive", self.sensitive, "one of strict and sensitive")


@dataclass(frozen=True, slots=True)
class CanonicalConfig:
    """Which paragraph of a group is kept."""

    policy: Policy = _setting("first", "input order needs no knowledge of the texts")
    sources: tuple[str, ...] = _setting((), "paths, folders or ids, best first, for priority")

    def __post_init__(self) -> None:
        """Refuse what is not a policy, and priority without sources."""
        _check_choice("keep", self.policy, Policy)
        if self.policy == "priority" and not self.sources:
            raise _refuse("keep", self.policy, "priority=FILE, a file with one source a line")

    def rank(self, path: str | None, identity: str | int) -> int:
        """Give the place of the first source that is a document's path, a folder over it or its id.

        Behind all of them where none is.
        """
        parts = PurePath(path or "").parts
        for rank, source in enumerate(self.sources):
            wanted = PurePath(source).parts
            if source == str(identity) or (wanted and parts[: len(wanted)] == wanted):
                return rank
        return len(self.sources)


@dataclass(frozen=True, slots=True)
class RunConfig:
    """How the work is done; nothing here changes a verdict."""

    engine: EngineChoice = _setting("auto", "numpy for small inputs, which need no compiled code")
    jobs: int | None = _setting(None, "threads; None: one a processor that this process may use")
    keep_text: bool = _setting(default=True, reason="a report shows texts; groups output does not")
    rules: tuple[str, ...] = _setting(
        RULES, "what is reported; a deselected relation joins no group"
    )

    def __post_init__(self) -> None:
        """Refuse unknown engines and rules, and fewer than one thread."""
        _check_choice("engine", self.engine, EngineChoice)
        if self.jobs is not None:
            _check_range("jobs", self.jobs, 1, 1024)
        for rule in self.rules:
            if rule not in RULES:
                raise _refuse("select", rule, " or ".join(RULES))


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting of a run, a class a stage."""

    readers: ReadersConfig = field(default_factory=ReadersConfig)
    paragraphs: ParagraphsConfig = field(default_factory=ParagraphsConfig)
    shingles: ShinglesConfig = field(default_factory=ShinglesConfig)
    signatures: SignaturesConfig = field(default_factory=SignaturesConfig)
    bands: BandsConfig = field(default_factory=BandsConfig)
    verify: VerifyConfig = field(default_factory=VerifyConfig)
    restatement: RestatementConfig = field(default_factory=RestatementConfig)
    canonical: CanonicalConfig = field(default_factory=CanonicalConfig)
    run: RunConfig = field(default_factory=RunConfig)

    def settings(self) -> Iterator[tuple[str, object, object, str]]:
        """Give every setting as (name, value, default, reason of the default)."""
        for stage in fields(self):
            config = getattr(self, stage.name)
            for setting in fields(config):
                value = getattr(config, setting.name)
                name = f"{stage.name}.{setting.name}"
                yield name, value, setting.default, setting.metadata["reason"]


DEFAULTS: Final = Config()


def parse_shingles(text: str) -> ShinglesConfig:
    """Read how shingles are typed: `word:3`, `char:5`.

    Raises:
        SettingError: It is typed otherwise, or not allowed.

    >>> parse_shingles("char:5")
    ShinglesConfig(kind='char', size=5)
    """
    kind, separator, size = text.partition(":")
    if not (separator and size.isdecimal()):
        raise _refuse("shingles", text, "word:N or char:N, as word:3 or char:5")
    return ShinglesConfig(kind=cast("ShingleKind", kind), size=int(size))

"""Hold the settings of each stage, one frozen class a stage, with the reason of each default."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Literal, TypeAlias

from dedup.config.checks import check_choice, check_range, refuse, setting
from dedup.values import Value

Unit: TypeAlias = Literal["paragraph", "record"]
ShingleKind: TypeAlias = Literal["word", "char"]
Policy: TypeAlias = Literal["first", "longest", "newest", "oldest", "priority"]
Within: TypeAlias = Literal["document", "corpus", "both"]
EngineChoice: TypeAlias = Literal["auto", "numpy", "numba"]
RULE_OF_RELATION: Final = {
    "identical": "DUP001",
    "near-duplicate": "DUP002",
    "contained": "DUP003",
    "rewritten": "DUP004",
    "restated": "DUP005",
    "boilerplate": "DUP007",
}
LEAST_MEMORY_BYTES: Final = 256 << 20  # an interpreter with its libraries takes 100 to 150 MB
UNREADABLE_RULE: Final = "DUP900"  # always an error: not compared is not clean
RULES: Final = (
    *("DUP001", "DUP002", "DUP003", "DUP004", "DUP005", "DUP006", "DUP007"),
    UNREADABLE_RULE,
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReadersConfig(Value):
    """How sources become documents."""

    input_format: str | None = setting(None, "None: by the file's ending")
    text_field: str = setting("text", "the name that corpora use most")
    id_field: str = setting("id", "likewise; a record without it is named by its line")
    date_field: str | None = setting(None, "needed by the policies newest and oldest only")
    skip_errors: bool = setting(default=False, reason="a source that cannot be read is no result")
    stdin_filename: str = setting("<stdin>", "what findings in standard input are named after")
    max_bytes: int = setting(16 << 30, "of one source, unpacked; more than a machine here holds")
    max_expansion: int = setting(
        200, "times a packed source's size, past 64 MB: text packs 3 to 10-fold, a bomb 1,000-fold"
    )
    encoding: str | None = setting(None, "None: as the source tells; else guessed, and said so")
    main_content: str = setting(
        "off", "every block of a page has a place; auto needs an extra and 8 times the time"
    )
    exclude: tuple[str, ...] = setting((), "patterns of what a folder's walk leaves out, besides")
    exclude_folder: str = setting(".", "where those patterns begin: the folder of who wrote them")

    def __post_init__(self) -> None:
        """Refuse an empty field name and a size under one byte."""
        if not self.text_field:
            raise refuse("text_field", self.text_field, "a field's name")
        check_range("max_bytes", self.max_bytes, 1, 1 << 60)
        check_range("max_expansion", self.max_expansion, 2, 1 << 40)
        if not self.main_content:
            raise refuse("main_content", self.main_content, "auto, off or a CSS selector")
        if self.encoding is not None and not _is_encoding(self.encoding):
            raise refuse("encoding", self.encoding, "an encoding that Python knows, as latin-1")


def _is_encoding(name: str) -> bool:
    """Say whether Python knows a text encoding of that name."""
    try:
        return isinstance("".encode(name), bytes)
    except (LookupError, ValueError):
        return False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ParagraphsConfig(Value):
    """Which paragraphs are compared."""

    unit: Unit = setting("paragraph", "record: one text field is one paragraph")
    min_words: int = setting(8, "'Share.' is no evidence and 'See also' no duplicate")
    within: Within = setting("both", "copies inside an article and across articles alike")

    def __post_init__(self) -> None:
        """Refuse what is not a choice and a negative count."""
        check_choice("unit", self.unit, Unit)
        check_choice("within", self.within, Within)
        check_range("min_words", self.min_words, 1, 10_000)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ShinglesConfig(Value):
    """What two paragraphs are compared by."""

    kind: ShingleKind = setting("word", "char:5 at 0.50 is for noisy text, at 8 times the memory")
    size: int = setting(3, "word 5-shingles lose 1 % OCR noise (resemblance 0.60)")

    def __post_init__(self) -> None:
        """Refuse what is not a choice and sizes outside 1 to 32."""
        check_choice("shingles", self.kind, ShingleKind)
        check_range("shingles", self.size, 1, 32)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SignaturesConfig(Value):
    """How shingle sets are signed."""

    num_perm: int = setting(128, "datasketch's default; 42 bands of 3 reach 0.99996 at 0.6")
    seed: int = setting(1, "datasketch's default; a setting, so that a run can be repeated")

    def __post_init__(self) -> None:
        """Refuse counts outside 16 to 256 and seeds that NumPy's generator does not take."""
        check_range("num_perm", self.num_perm, 16, 256)
        check_range("seed", self.seed, 0, 2**32 - 1)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BandsConfig(Value):
    """How candidate pairs are proposed."""

    recall: float = setting(0.999, "share of pairs at the threshold that share a band, at least")
    all_pairs_up_to: int = setting(2000, "so few paragraphs are compared all with all, exactly")
    all_pairs_meetings: int = setting(
        20_000_000, "shingles shared, over all pairs; past it bands propose, as for a corpus"
    )
    full_bucket: int = setting(
        64, "members that are paired with every earlier one; of more, with the first few"
    )
    few_in_bucket: int = setting(8, "first members that every later one is paired with")

    def __post_init__(self) -> None:
        """Refuse a recall that no bands give, and counts under one."""
        check_range("band recall", self.recall, 0.5, 0.999999)
        check_range("all_pairs_up_to", self.all_pairs_up_to, 0, 20_000)
        check_range("all_pairs_meetings", self.all_pairs_meetings, 0, 1 << 40)
        check_range("full_bucket", self.full_bucket, 2, 10_000)
        check_range("few_in_bucket", self.few_in_bucket, 1, self.full_bucket)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class VerifyConfig(Value):
    """When a measured pair counts."""

    min_resemblance: float = setting(0.60, "about 10 % edited words; precision 0.999 on web pages")
    min_containment: float = setting(0.80, "share of the shorter's shingles")
    max_length_ratio: float = setting(0.80, "shorter to longer, of a contained pair")
    slot_guard: bool = setting(default=True, reason="texts with other facts are not removable")
    max_edits: int = setting(512, "of an alignment; past it a pair passes the guard, counted")
    alike_share: float = setting(0.90, "of tokens matched, from which one conflict is enough")

    def __post_init__(self) -> None:
        """Refuse thresholds outside (0, 1]."""
        for name in ("min_resemblance", "min_containment", "max_length_ratio", "alike_share"):
            check_range(name, getattr(self, name), 0.01, 1.0)
        check_range("max_edits", self.max_edits, 1, 4096)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RestatementConfig(Value):
    """When a paragraph says again what others said, in other words; see `dedup.restatement`."""

    min_score: float = setting(
        0.40, "2026-11-24: of 1,149 paragraphs of clean news the highest has 0.36"
    )
    long_discount: float = setting(
        0.15,
        "of min_score, from 60 content terms on (none up to 20): chance shares fall with length",
    )
    strict_score: float = setting(0.55, "reference documents repeat their terms by nature")
    min_dice: float = setting(0.36, "of a rewritten pair's terms: finds what char:5 at 0.20 finds")
    min_terms: int = setting(8, "content terms; fewer are no evidence, counted as too short")
    reference_paragraphs: int = setting(40, "more make a document one of reference")
    reference_share: float = setting(0.20, "of tables and code, that makes it one of reference")
    max_paragraphs: int = setting(
        20_000, "of a document: more are a corpus in one text, and take 10 kB of memory each"
    )
    anchor_rows: int = setting(20, "paragraphs that hold an anchor, at most: more name nobody")
    anchor_share: float = setting(0.03, "of the shorter paragraph's anchors that a pair shares")
    all_pairs_up_to: int = setting(50, "so few paragraphs are compared all with all, no anchors")
    strict: bool = setting(default=False, reason="strict_score for every document")
    sensitive: bool = setting(default=False, reason="show what comes near the threshold too")

    def __post_init__(self) -> None:
        """Refuse thresholds outside (0, 1] and settings that contradict each other."""
        for name in ("min_score", "strict_score", "min_dice", "anchor_share"):
            check_range(name, getattr(self, name), 0.01, 1.0)
        check_range("long_discount", self.long_discount, 0.0, 0.9)
        check_range("reference_share", self.reference_share, 0.0, 1.0)
        check_range("min_terms", self.min_terms, 1, 10_000)
        check_range("max_paragraphs", self.max_paragraphs, 2, 1 << 40)
        check_range("reference_paragraphs", self.reference_paragraphs, 0, 1 << 40)
        check_range("all_pairs_up_to", self.all_pairs_up_to, 0, 2000)
        check_range("anchor_rows", self.anchor_rows, 2, 1000)
        if self.strict and self.sensitive:
            raise refuse("sensitive", self.sensitive, "one of strict and sensitive")

    def scale_dice(self, min_score: float) -> float:
        """Give the threshold of Dice, 0.01 to 1, that goes with another one of R.

        Args:
            min_score: The threshold of R; Dice's is moved in the same proportion.
        """
        scaled = round(self.min_dice * min_score / self.min_score, 10)
        return min(1.0, max(0.01, scaled))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BoilerplateConfig(Value):
    """When a text that recurs is a site's own and no copy; see `dedup.boilerplate`."""

    min_documents: int = setting(10, "documents that hold it: fewer are copies to be looked at")
    min_share: float = setting(0.10, "of the documents of the folder or file that holds them all")
    max_copied: float = setting(
        0.50, "of a document's words that recur: past it, it is a copy as a whole"
    )

    def __post_init__(self) -> None:
        """Refuse counts under two and shares outside (0, 1]."""
        check_range("boilerplate_documents", self.min_documents, 2, 1 << 40)
        check_range("boilerplate_share", self.min_share, 0.0, 1.0)
        check_range("max_copied", self.max_copied, 0.01, 1.0)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CanonicalConfig(Value):
    """Which paragraph of a group is kept."""

    policy: Policy = setting("first", "input order needs no knowledge of the texts")
    sources: tuple[str, ...] = setting((), "paths, folders or ids, best first, for priority")

    def __post_init__(self) -> None:
        """Refuse what is not a policy, and priority without sources."""
        check_choice("keep", self.policy, Policy)
        if self.policy == "priority" and not self.sources:
            raise refuse("keep", self.policy, "priority=FILE, a file with one source a line")

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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CleaningConfig(Value):
    """What `clean` does to what it finds."""

    relations: tuple[str, ...] = setting(
        ("identical", "near-duplicate"), "nothing that says something of its own goes unasked"
    )
    mark: bool = setting(default=False, reason="True: rows get columns and all of them stay")

    def __post_init__(self) -> None:
        """Refuse what is no relation that removes."""
        for relation in self.relations:
            if relation not in RULE_OF_RELATION:
                raise refuse("remove", relation, " or ".join(RULE_OF_RELATION))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RunConfig(Value):
    """How the work is done; nothing here changes a verdict."""

    engine: EngineChoice = setting("auto", "numpy for small inputs, which need no compiled code")
    jobs: int | None = setting(None, "threads; None: one a processor that this process may use")
    keep_text: bool = setting(default=True, reason="a report shows texts; groups output does not")
    rules: tuple[str, ...] = setting(
        RULES, "what is reported; a deselected relation joins no group"
    )
    memory_bytes: int | None = setting(
        None, "past it columns go to files; None: half of what the machine has"
    )
    work_dir: str | None = setting(
        None, "where those files and finished stages are; None: a temporary folder, if need be"
    )
    resume: bool = setting(default=False, reason="a folder that holds stages is not taken unasked")

    def __post_init__(self) -> None:
        """Refuse unknown engines and rules, fewer than one thread and next to no memory."""
        check_choice("engine", self.engine, EngineChoice)
        if self.jobs is not None:
            check_range("jobs", self.jobs, 1, 1024)
        if self.memory_bytes is not None:
            check_range("memory", self.memory_bytes, LEAST_MEMORY_BYTES, 1 << 60)
        if self.resume and self.work_dir is None:
            raise refuse("resume", self.resume, "that with a work_dir, which holds the stages")
        for rule in self.rules:
            if rule not in RULES:
                raise refuse("select", rule, " or ".join(RULES))

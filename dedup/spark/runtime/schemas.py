"""Hold the columns of every table that one Spark stage hands the next.

Each is a list of columns as Spark's DDL has them, and `arrow_schema` gives the same as Arrow does,
which is what a stage function inside a task makes.

A paragraph's `id` is `file << FILE_BITS | number`: the number of its file in input order, and its
own number within the file, both from 0. So ids rise in input order, and are made by construction:
no counter, no arrival order. `document` is likewise `file << FILE_BITS | number`, the number of the
document within its file; what was left out (`--skip-errors`) has none.

Decision (2026-11-26): 40 bits for the number within a file hold 1.1e12 paragraphs, the 23 above
them 8.4 million files. Spark has no unsigned type, so the sign bit stays unused.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pyarrow as pa

FILE_BITS: Final = 40

# What was found in each record of a part of a file (a `block`, by the byte where it begins). Of a
# document: `line`, its place in the block from 0 (of Parquet: in the file), its number of
# paragraphs, whether it has any text, its id (null where it is named by its place). Of what is no
# document: `problem`, and `line`, null where it is the whole file's, with a `remedy` of its own. Of
# many lines: `n_lines`.
RECORDS: Final = (
    "file int, block bigint, line bigint, n_paragraphs int, has_text boolean, identity string, "
    "problem string, remedy string, n_lines bigint"
)
# Records whose id their file has had before: all but the first of each id.
REPEATED: Final = (
    "file int, block bigint, line bigint, n_paragraphs int, has_text boolean, identity string, "
    "first_block bigint, first_line bigint, first_has_text boolean"
)
# How many lines, documents and paragraphs of a file stand before each of its blocks, and how many
# it has. `is_read` is false where the whole file is left out.
BLOCKS: Final = (
    "file int, block bigint, first_line bigint, first_document bigint, first_paragraph bigint, "
    "n_documents bigint, n_paragraphs bigint, is_read boolean"
)
# What could not be read, in input order by `file` and `place`: `line` from 1, null where there is
# none to be named; what to do, where that is special; whether the record is left out for its id.
PROBLEMS: Final = (
    "file int, place bigint, line bigint, message string, remedy string, is_repeated boolean"
)
# A document. `first_paragraph`: the number within its file that its first paragraph has, or would
# have; so the id of its paragraph number `place` is
# (document >> FILE_BITS << FILE_BITS) + first_paragraph + place. `line` and `end_line` as its one
# block has them (`DocumentBatch.lines`, `end_lines`); 0 where it has no text.
DOCUMENTS: Final = (
    "document bigint, identity string, text string, date string, line bigint, column int, "
    "end_line bigint, first_paragraph bigint"
)
# A paragraph; `n_places` is how many its document has; `keys` is null where it has fewer words than
# are compared.
PARAGRAPHS: Final = (
    "id bigint, document bigint, place int, n_places int, rank double, n_words int, "
    "print_high bigint, print_low bigint, language smallint, kind smallint, keys binary, "
    "text string, identity string, start_line bigint, start_column int, end_line bigint, "
    "end_column int, start_char bigint, end_char bigint"
)
# Paragraphs long enough to be compared, and the first in canonical order that is identical.
COLLAPSED: Final = "id bigint, representative bigint"
# Pairs to be measured; `a` before `b` in canonical order.
CANDIDATES: Final = "a bigint, b bigint"
# Measured pairs, as `model.VerifiedPairs` has them.
VERIFIED: Final = (
    "a bigint, b bigint, resemblance double, left_containment double, right_containment double, "
    "conflicts int, relation tinyint, unaligned boolean"
)
# Who joined whom; a paragraph that is alone has no row.
GROUPING: Final = (
    "id bigint, canonical bigint, relation tinyint, resemblance double, containment double"
)
# Pairs of kept paragraphs that share anchors.
ANCHORED: Final = "a bigint, b bigint"
CONTAINED: Final = VERIFIED
# Rewritten and restated paragraphs, with who said each of their sentences.
RESTATEMENTS: Final = (
    "id bigint, relation tinyint, score double, dice double, is_near boolean, "
    "said array<struct<sentence:int,source:bigint,source_sentence:int,share:double,"
    "is_second:boolean>>"
)
# Texts that recur in many documents: the paragraph that is kept of each, its fingerprint, in how
# many documents it stands, how many there are in the folder or file that holds them all, and that.
BOILERPLATE: Final = (
    "id bigint, print_high bigint, print_low bigint, n_documents bigint, population bigint, "
    "folder string"
)
# What is said of a record that has a paragraph, in the columns that `clean --mark` adds; `file` and
# `line`, from 1, are its place.
MARKS: Final = (
    "file bigint, line bigint, dedup_group string, dedup_canonical boolean, dedup_relation string, "
    "dedup_score double"
)
# What a run leaves: a line of `--output-format groups` a paragraph, and one a finding as
# `--output-format jsonl` has it, with what findings are sorted and chosen by beside it.
GROUPS: Final = (
    "id string, path string, paragraph int, group string, canonical boolean, relation string"
)
FINDINGS: Final = (
    "path string, line bigint, column int, rule string, relation string, level string, "
    "number bigint, score double, fingerprint string, json string"
)


def arrow_schema(columns: str) -> "pa.Schema":
    """Give a table's columns as Arrow has them.

    Args:
        columns: Names and types as in Spark's DDL, commas between them.

    >>> arrow_schema("id bigint, said array<struct<at:int,share:double>>").names
    ['id', 'said']
    """
    import pyarrow as pa  # noqa: PLC0415 -- 0.1 s that only a run pays

    fields = [field.strip().split(" ", 1) for field in _split(columns)]
    return pa.schema([(name, _arrow_type(kind)) for name, kind in fields])


def _arrow_type(kind: str) -> "pa.DataType":
    """Give the Arrow type of one of Spark's."""
    import pyarrow as pa  # noqa: PLC0415 -- likewise

    kind = kind.strip()
    if kind.startswith("array<"):
        return pa.list_(_arrow_type(kind[len("array<") : -1]))
    if kind.startswith("struct<"):
        fields = [field.strip().split(":", 1) for field in _split(kind[len("struct<") : -1])]
        return pa.struct([(name, _arrow_type(part)) for name, part in fields])
    plain = {
        "tinyint": pa.int8(),
        "smallint": pa.int16(),
        "int": pa.int32(),
        "bigint": pa.int64(),
        "double": pa.float64(),
        "boolean": pa.bool_(),
        "string": pa.string(),
        "binary": pa.binary(),
    }
    return plain[kind]


def _split(columns: str) -> list[str]:
    """Part columns at the commas that stand in no brackets."""
    parts, depth, begin = [], 0, 0
    for place, letter in enumerate(columns):
        depth += (letter == "<") - (letter == ">")
        if letter == "," and not depth:
            parts.append(columns[begin:place])
            begin = place + 1
    return [*parts, columns[begin:]]

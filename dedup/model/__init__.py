"""Hold the frozen classes and array types that one stage hands the next.

Decision (2026-11-23): paragraphs are columns, not objects: one array a property, one row a
paragraph. A million objects cost 2 s and 300 MB before anything is compared; the columns
cost 60 bytes a paragraph and go to the kernels as they are. `Paragraph`, `Group` and `Finding` are
made from them for what a report shows.
"""

from dedup.model.arrays import (
    PADDING,
    BoolArray,
    ByteArray,
    HashArray,
    IndexArray,
    OffsetArray,
    PairArray,
    ScoreArray,
    ShingleArray,
    SignatureArray,
    TokenArray,
    are_among,
    distinct,
)
from dedup.model.comparison import (
    Boilerplate,
    Candidates,
    Grouping,
    Relation,
    Restatements,
    ShingleSets,
    Signatures,
    Sketches,
    VerifiedPairs,
)
from dedup.model.corpus import Corpus, TermLists, TokenLists, Wording, spread_ranges
from dedup.model.documents import (
    NO_HEAD,
    Block,
    BlockKind,
    Directive,
    DirectiveKind,
    Document,
    DocumentBatch,
    Head,
    LazyBatches,
    ParagraphBatch,
    Problem,
    Span,
    tell_kinds,
)

__all__ = [
    "NO_HEAD",
    "PADDING",
    "Block",
    "BlockKind",
    "Boilerplate",
    "BoolArray",
    "ByteArray",
    "Candidates",
    "Corpus",
    "Directive",
    "DirectiveKind",
    "Document",
    "DocumentBatch",
    "Grouping",
    "HashArray",
    "Head",
    "IndexArray",
    "LazyBatches",
    "OffsetArray",
    "PairArray",
    "ParagraphBatch",
    "Problem",
    "Relation",
    "Restatements",
    "ScoreArray",
    "ShingleArray",
    "ShingleSets",
    "SignatureArray",
    "Signatures",
    "Sketches",
    "Span",
    "TermLists",
    "TokenArray",
    "TokenLists",
    "VerifiedPairs",
    "Wording",
    "are_among",
    "distinct",
    "spread_ranges",
    "tell_kinds",
]

"""Measure which paragraphs of articles are flagged: rightly, wrongly, and with the right source."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from dedup import find_duplicates
from dedup.config import DEFAULTS, Config, ParagraphsConfig, RestatementConfig
from dedup.model import Relation
from dedup.report import Report
from tests.quality.figures import Figure, Row, give_share
from tests.quality.intervals import bootstrap_retrieval
from tests.quality.labelled import HALVES, Article, read_own_articles, read_padded
from tests.quality.shared_texts import read_rows

Flags = npt.NDArray[np.bool_]
WITHIN: Final = replace(DEFAULTS, paragraphs=ParagraphsConfig(within="document"))


@dataclass(frozen=True, slots=True)
class Judged:
    """Paragraphs as columns.

    Attributes:
        articles: The article of each, as a place in the list of them.
        is_restating: It is labelled so.
        is_flagged: It was found restated, or redundant in its document.
        is_sourced: Its best-ranked source is one it is labelled with.
        is_scored: It counts; paragraphs that restate by half are shown apart.
        is_clean: Nothing restates in its article, not by half either.
    """

    articles: npt.NDArray[np.int64]
    is_restating: Flags
    is_flagged: Flags
    is_sourced: Flags
    is_scored: Flags
    is_clean: Flags

    def take(self, places: Flags) -> "Judged":
        """Give some of the paragraphs."""
        return Judged(*(getattr(self, column.name)[places] for column in fields(self)))


def find_restated(report: Report) -> npt.NDArray[np.int32]:
    """Give the places, in `report.restatements`, of what is reported as restated."""
    found = report.restatements
    is_clear = (found.relations == Relation.RESTATED) & (found.are_near == 0)
    return np.flatnonzero(is_clear).astype(np.int32)


def rank_sources(report: Report) -> dict[int, int]:
    """Give every flagged paragraph its best source: of most shares, summed; ties to the earliest.

    A redundant paragraph has one source, its canonical.
    """
    canonicals, documents = report.grouping.canonicals, report.corpus.document
    numbers = np.arange(len(canonicals))
    is_redundant = (canonicals != numbers) & (documents[canonicals] == documents)
    best = {int(number): int(canonicals[number]) for number in np.flatnonzero(is_redundant)}
    found = report.restatements
    starts = found.ends - np.diff(found.ends, prepend=0)
    for place in find_restated(report):
        part = slice(starts[place], found.ends[place])
        sources = np.concatenate([found.sources[part], found.seconds[part]])
        shares = found.shares[part].T.reshape(-1)
        sums = np.bincount(sources[sources >= 0], weights=shares[sources >= 0])
        best.setdefault(int(found.numbers[place]), int(sums.argmax()) if len(sums) else -1)
    return best


def judge_articles(articles: Sequence[Article], config: Config) -> Judged:
    """Run over articles and hold what is flagged against the labels.

    Raises:
        ValueError: The run parts an article otherwise than at blank lines, as labels count.
    """
    report = find_duplicates([{"id": a.identity, "text": a.text} for a in articles], config)
    documents = report.corpus.document.astype(np.int64)
    best, firsts = rank_sources(report), np.searchsorted(documents, np.arange(len(articles)))
    judged = []
    for number, document in enumerate(documents.tolist()):
        article, first = articles[document], int(firsts[document])
        true = article.sources.get(number - first, set())
        source = best.get(number, first - 1) - first
        judged.append((bool(true), number in best, source in true))
    sizes = [len(article.text.split("\n\n")) for article in articles]
    if np.bincount(documents, minlength=len(articles)).tolist() != sizes:
        message = "paragraphs of the run are not those of the labels"
        raise ValueError(message)
    unscored = [
        first + place for first, a in zip(firsts, articles, strict=True) for place in a.unscored
    ]
    is_scored = ~np.isin(np.arange(len(documents)), unscored)
    is_clean = np.array([not (article.sources or article.unscored) for article in articles])
    true, flagged, sourced = np.array(judged, np.bool_).T
    return Judged(documents, true, flagged, sourced, is_scored, is_clean[documents])


def tally(judged: Judged) -> dict[str, Figure]:
    """Count over some articles: paragraphs and articles flagged, and how rightly."""
    scored, half = judged.take(judged.is_scored), judged.take(~judged.is_scored)
    true, clean = scored.is_restating, scored.take(scored.is_clean)
    figures = {"paragraphs": Figure(len(true)), "restating": Figure(int(true.sum()))}
    if true.any():
        figures |= _tally_padded(scored)
    if len(clean.articles):
        figures["clean flagged"] = give_share(clean.is_flagged, clean.articles)
        figures["clean articles flagged"] = _share_articles(clean)
    if len(half.articles):
        figures["half flagged"] = give_share(half.is_flagged, half.articles)
    return figures


def _share_articles(judged: Judged) -> Figure:
    """Give the share of the articles in which anything is flagged."""
    names = np.unique(judged.articles)
    return give_share(np.isin(names, judged.articles[judged.is_flagged]), names)


def _tally_padded(judged: Judged) -> dict[str, Figure]:
    true, flagged = judged.is_restating, judged.is_flagged
    names = ("precision", "recall", "F1")
    bounded = zip(names, bootstrap_retrieval(flagged, true, judged.articles), strict=True)
    figures = {name: Figure(*bounds) for name, bounds in bounded}
    found = judged.take(true & flagged)
    figures["best source"] = give_share(found.is_sourced, found.articles)
    padded = judged.take(np.isin(judged.articles, judged.articles[true]))
    figures["padded articles flagged"] = _share_articles(padded)
    return figures


def _tabulate(
    name: str, articles: list[Article], splits: Mapping[str, Collection[str]]
) -> Iterator[Row]:
    """Give a row a split: of the articles that have all of its tags."""
    judged = judge_articles(articles, WITHIN)
    for split, tags in splits.items():
        chosen = np.array([set(tags) <= set(article.tags) for article in articles])
        yield Row("padding", name, split, tally(judged.take(chosen[judged.articles])))


def check_padded(shared: Path) -> Iterator[Row]:
    """Check padding_onestop: what teachers rewrote, said again in the same article."""
    splits = {
        f"{label} {half}": {label, half} - {"both"}
        for label in ("light", "heavy", "clean")
        for half in HALVES
    }
    yield from _tabulate("padding_onestop", read_padded(shared), splits)


def check_own_articles(_: Path) -> Iterator[Row]:
    """Check the articles of `data/quality`, by language and by kind."""
    articles = read_own_articles()
    tags = dict.fromkeys(article.tags[place] for place in (0, 1) for article in articles)
    yield from _tabulate("own articles", articles, {"all": ()} | {tag: (tag,) for tag in tags})


def check_reference(shared: Path) -> Iterator[Row]:
    """Check reference prose, where nearly all that is flagged as restated is a false alarm."""
    rows = read_rows(shared / "data" / "technical_prose" / "docs.jsonl.gz")
    records = [{"id": row["id"], "text": row["text"]} for row in rows]
    for split, restatement in (
        ("default", RestatementConfig()),
        ("strict", RestatementConfig(strict=True)),
    ):
        report = find_duplicates(records, replace(WITHIN, restatement=restatement))
        flagged = np.zeros(len(report.corpus), np.bool_)
        flagged[report.restatements.numbers[find_restated(report)]] = True
        documents = report.corpus.document.astype(np.int64)
        n_judged = len(flagged) - report.counts.n_too_few_terms - report.counts.n_listed
        figures = {
            "paragraphs": Figure(len(flagged)),
            "flagged": give_share(flagged, documents),
            "judged": Figure(n_judged),
            "flagged of judged": Figure(int(flagged.sum()) / n_judged),
        }
        yield Row("false alarms", "technical_prose", split, figures)

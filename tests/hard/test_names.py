"""Names that say too little, too much or something wrong."""

import gzip
import io
import zipfile
from pathlib import Path
from typing import Final

import pytest

from dedup.config import Config, ReadersConfig
from dedup.errors import InputError
from dedup.pipeline import find_duplicates

LINE: Final = "The ferry of the northern islands leaves at nine and comes back in the evening."
FEED: Final = (
    '<?xml version="1.0"?><rss version="2.0"><channel><item><guid>1</guid>'
    f"<description>{LINE}</description></item></channel></rss>"
)


def write(path: Path, content: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zip_bytes() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return file.getvalue()


@pytest.mark.parametrize("ending", ["txt", "md", "jsonl", "csv", "tsv", "html", "rss", "rst"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(b"one", mtime=0), r"it is packed with gzip\. Name it .*\.gz, or"),
        (b"%PDF-1.4\n1 0 obj\n", r"it holds a PDF, not .*\. Convert it to text first"),
        (zip_bytes(), "it holds an Office document, not"),
        (b"PAR1\x15\x04\x15\x10", "it holds a Parquet table, .* --input-format parquet"),
    ],
)
def test_a_name_of_a_text_does_not_make_one(
    ending: str, content: bytes, said: str, tmp_path: Path
) -> None:
    path = write(tmp_path / f"a.{ending}", content)

    with pytest.raises(InputError, match=rf"a\.{ending}: {said}"):
        find_duplicates([path])


def test_a_page_named_text_is_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", f"<html><body><p>{LINE}</p></body></html>")

    assert find_duplicates([path]).text(0).startswith("<html>")


def test_a_file_named_gz_that_is_none_says_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt.gz", LINE)

    with pytest.raises(InputError, match=r"no whole gzip file.*take the \.gz off its name"):
        find_duplicates([path])


def test_feeds_among_other_xml_and_json_are_found_in_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "d" / "news.xml", FEED)
    write(tmp_path / "d" / "build.xml", f"<project><!-- {LINE} --></project>")
    write(tmp_path / "d" / "data.json", f'["{LINE}"]')
    write(tmp_path / "d" / "page.txt", LINE)

    report = find_duplicates([tmp_path / "d"])

    assert [finding.rule for finding in report.findings] == ["DUP001"]
    assert report.corpus.n_documents == 2


@pytest.mark.parametrize("name", ["build.xml", "data.json"])
def test_other_xml_and_json_named_by_hand_is_refused(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / name, '{"a": 1}' if name.endswith("json") else "<project/>")

    with pytest.raises(InputError, match=name):
        find_duplicates([path])


@pytest.mark.parametrize(
    "name",
    [
        "a b.txt",
        " .txt",
        "-.md",
        "--help.txt",
        "two\nlines.txt",
        "q'\"`$(x).txt",
        "..txt",
        "漢.txt",
    ],
)
def test_a_hard_name_is_reported_as_it_is(name: str, tmp_path: Path) -> None:
    for folder in ("c", "d"):
        write(tmp_path / folder / name, LINE)

    report = find_duplicates([tmp_path / "c" / name, tmp_path / "d" / name])

    (finding,) = report.findings
    assert (finding.reference.path, finding.source.path) == (
        str(tmp_path / "d" / name),
        str(tmp_path / "c" / name),
    )


def test_wrong_names_in_a_folder_are_noted_and_the_others_read(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", LINE)
    write(tmp_path / "b.txt", gzip.compress(LINE.encode()))
    write(tmp_path / "c.txt.gz", LINE)
    write(tmp_path / "d.txt.gz", gzip.compress(LINE.encode()))

    report = find_duplicates([tmp_path], Config(ReadersConfig(skip_errors=True)))

    assert [Path(problem.path).name for problem in report.problems] == ["b.txt", "c.txt.gz"]
    assert [finding.rule for finding in report.findings] == ["DUP001"]

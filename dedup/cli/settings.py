"""Turn typed options into a `Config`; wrong values are errors before anything is read."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from dedup.cli.input_options import InputOptions
from dedup.cli.options import (
    ChosenOptions,
    CorpusOptions,
    MeasureOptions,
    RestateOptions,
    RuleOptions,
)
from dedup.config import (
    CLEANING_DEFAULTS,
    DEFAULTS,
    RULES,
    BoilerplateConfig,
    CanonicalConfig,
    CleaningConfig,
    Config,
    ParagraphsConfig,
    Policy,
    ReadersConfig,
    RestatementConfig,
    RunConfig,
    SignaturesConfig,
    VerifyConfig,
    parse_shingles,
)
from dedup.config.stages import LEAST_MEMORY_BYTES
from dedup.errors import InputError, SettingError, give_reason

if TYPE_CHECKING:  # declaring the options costs 5 ms that other commands do not pay
    from dedup.cli.clean_options import CleanOptions
    from dedup.cli.compare_options import CompareOptions, ExplainOptions

_SIZE_UNITS: Final = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}


def make_scan_config(options: ChosenOptions, *, keep_text: bool) -> Config:
    """Give the settings of a scan.

    Raises:
        SettingError: An option has a value that is not allowed.
        InputError: The file of `--keep priority=FILE` cannot be read.
    """
    return _make_corpus_config(options, choose_rules(options), keep_text=keep_text)


def make_clean_config(options: "CleanOptions") -> tuple[Config, CleaningConfig]:
    """Give the settings of a cleaning: how sources are compared, and what is removed.

    Raises:
        SettingError: An option has a value that is not allowed.
        InputError: The file of `--keep priority=FILE` cannot be read.
    """
    words = ",".join(options.remove) if options.remove else ",".join(CLEANING_DEFAULTS.relations)
    relations = tuple(word.strip().lower() for word in words.split(","))
    cleaning = CleaningConfig(relations=relations, mark=options.mark)
    return _make_corpus_config(options, RULES, keep_text=False), cleaning


def _make_corpus_config(
    options: CorpusOptions, rules: tuple[str, ...], *, keep_text: bool
) -> Config:
    return Config(
        readers=make_corpus_readers(options),
        paragraphs=_make_paragraphs(options, options, options.within),
        shingles=parse_shingles(options.shingles),
        signatures=SignaturesConfig(num_perm=options.num_perm, seed=options.seed),
        verify=_make_verify(options),
        restatement=make_restatement(options),
        boilerplate=BoilerplateConfig(min_documents=options.boilerplate),
        canonical=_parse_keep(options),
        run=RunConfig(
            engine=cast("Any", options.engine),
            jobs=options.jobs,
            keep_text=keep_text,
            rules=rules,
            memory_bytes=_parse_memory(options.memory),
            work_dir=_name_folder(options),
            resume=options.resume,
        ),
    )


def _parse_memory(text: str | None) -> int | None:
    """Read how much memory may be taken; None where nobody says."""
    if text is None:
        return None
    n_bytes = _parse_size(text, "memory", "3G or 512M")
    if n_bytes < LEAST_MEMORY_BYTES:
        raise refuse("memory", text, f"{LEAST_MEMORY_BYTES >> 20}M and more")
    return n_bytes


def _name_folder(options: CorpusOptions) -> str | None:
    """Give the working folder; without one nothing can be resumed."""
    if options.work_dir == "":
        raise refuse("work-dir", "", "the name of a folder")
    if options.resume and options.work_dir is None:
        advice = "Name the folder that the run before was given."
        allowed = "that beside --work-dir DIR, which holds the stages"
        raise refuse("resume", "true", allowed, advice)
    return options.work_dir


def make_corpus_readers(options: CorpusOptions) -> ReadersConfig:
    """Give the settings of finding and reading files.

    Raises:
        SettingError: An option has a value that is not allowed.
    """
    readers = _make_readers(options, options.date_field, skip_errors=options.skip_errors)
    setting = options.resolved.find("exclude")
    folder = setting.folder if setting else readers.exclude_folder
    if not options.exclude:
        return replace(readers, exclude_folder=folder)
    from dedup.readers.ignores import PATTERNS, can_name  # noqa: PLC0415 -- loads logging

    for pattern in options.exclude:
        if not can_name(pattern):
            raise refuse("exclude", pattern, PATTERNS)
    return replace(readers, exclude=tuple(options.exclude), exclude_folder=folder)


def make_compare_config(options: "CompareOptions") -> Config:
    """Give the settings of a comparison.

    Raises:
        SettingError: An option has a value that is not allowed.
    """
    return Config(
        readers=_make_readers(options, None, skip_errors=False),
        paragraphs=_make_paragraphs(options, options, DEFAULTS.paragraphs.within),
        shingles=parse_shingles(options.shingles),
        verify=_make_verify(options),
        restatement=make_restatement(options),
        run=RunConfig(jobs=1),
    )


def make_explain_config(options: "ExplainOptions") -> Config:
    """Give the settings that are explained.

    Raises:
        SettingError: An option has a value that is not allowed.
    """
    return Config(
        signatures=SignaturesConfig(num_perm=options.num_perm),
        verify=VerifyConfig(min_resemblance=options.threshold),
    )


def refuse(
    option: str, value: str, allowed: str, advice: str = "Choose another value."
) -> SettingError:
    """Give the error for an option's value."""
    return SettingError(f"setting {option} is {value!r}: allowed is {allowed}. {advice}")


def _make_readers(
    options: InputOptions, date_field: str | None, *, skip_errors: bool
) -> ReadersConfig:
    return ReadersConfig(
        input_format=options.input_format,
        text_field=options.text_field,
        id_field=options.id_field,
        date_field=date_field,
        skip_errors=skip_errors,
        stdin_filename=options.stdin_filename,
        max_bytes=_parse_size(options.max_bytes, "max-bytes", "500M or 16G"),
        max_expansion=options.max_expansion,
        encoding=options.encoding,
        main_content=options.main_content,
    )


def _parse_size(text: str, option: str, examples: str) -> int:
    """Read a size in bytes, perhaps with a unit of 1,024.

    >>> _parse_size("16G", "max-bytes", "16G") == 16 << 30
    True
    """
    number = text.strip().upper().removesuffix("B").removesuffix("I")
    unit = number[-1:] if number[-1:] in _SIZE_UNITS else ""
    digits = number.removesuffix(unit)
    if not digits.isdecimal():
        raise refuse(option, text, f"a number of bytes, or one with a unit, as {examples}")
    return int(digits) << _SIZE_UNITS[unit]


def _make_paragraphs(
    measure: MeasureOptions, reading: InputOptions, within: str
) -> ParagraphsConfig:
    return ParagraphsConfig(
        unit=cast("Any", reading.unit), min_words=measure.min_words, within=cast("Any", within)
    )


def _make_verify(options: MeasureOptions) -> VerifyConfig:
    return VerifyConfig(
        min_resemblance=options.threshold,
        min_containment=options.containment,
        slot_guard=not options.no_slot_guard,
    )


def make_restatement(options: RestateOptions) -> RestatementConfig:
    """Give the settings of restated and rewritten paragraphs.

    Raises:
        SettingError: A threshold is outside its range, or two options contradict each other.
    """
    default, threshold = DEFAULTS.restatement, options.restate_threshold
    return RestatementConfig(
        min_score=threshold,
        min_dice=default.scale_dice(threshold),
        strict_score=max(threshold, default.strict_score),
        strict=options.strict,
        sensitive=options.sensitive,
    )


def _parse_keep(options: CorpusOptions) -> CanonicalConfig:
    """Read a policy, and for priority the file that lists the sources."""
    policy, separator, file = options.keep.partition("=")
    if separator and policy != "priority":
        raise refuse("keep", options.keep, "a file for priority alone, as priority=FILE")
    setting = options.resolved.find("keep")
    because = f", which {setting.place} names" if setting else ""
    sources = _read_sources(file, because) if file else ()
    return CanonicalConfig(policy=cast(Policy, policy), sources=sources)


def _read_sources(file: str, because: str) -> tuple[str, ...]:
    """Read a list of sources; `because` stands behind its name in a message."""
    remedy = "Give a file with one source a line, best first."
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(file + because, None, "it is not valid UTF-8", remedy) from error
    except (OSError, ValueError) as error:
        raise InputError(file + because, None, give_reason(error), remedy) from error
    sources = tuple(line.strip() for line in lines if line.strip())
    if not sources:
        raise InputError(file + because, None, "it names no source", remedy)
    return sources


def choose_rules(options: RuleOptions) -> tuple[str, ...]:
    """Give the rules that are selected and not ignored, in the order of their codes.

    Raises:
        SettingError: A code is none, or no rule is left.
    """
    selected = _parse_codes(options.select, "select") if options.select else RULES
    ignored = _parse_codes(options.ignore, "ignore") if options.ignore else ()
    rules = tuple(code for code in RULES if code in selected and code not in ignored)
    if not rules:
        ignored_words = ",".join(ignored)
        raise refuse("ignore", ignored_words, "what leaves a rule that is selected")
    return rules


def _parse_codes(words: list[str], name: str) -> tuple[str, ...]:
    """Read codes with commas between them, of an option that may be repeated."""
    codes = tuple(code.strip().upper() for word in words for code in word.split(","))
    for code in codes:
        if code not in RULES:
            raise refuse(name, code, ", ".join(RULES), "dedup explain says what each means.")
    return codes

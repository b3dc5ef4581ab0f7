"""Open Parquet files and give their rows in batches: all that is asked of pyarrow, its home.

In: a file, or standard input held in memory, since a Parquet file is read from its end. Out:
batches of rows with some or all of its columns; whatever pyarrow raises, as an `InputError`.

Decision (2026-11-25): rows are asked for 64 to 256 at a time, through a buffer of 1 MB: 200,000
rows of 570 bytes in one row group cost 0.2 s of CPU and 100 MB so, as they do 4,096 at a time
(with pyarrow's own settings 163 MB), and a dictionary of long texts that many rows point at is
spelled out for few of them at once. Asking for dictionaries (`read_dictionary`) would spell out
none, at 1.5 s and 586 MB. One thread: what is decoded when then depends on nothing.
"""

import io
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, Self, TypeAlias

from dedup.config import ReadersConfig
from dedup.errors import InputError, MissingExtraError
from dedup.readers.sources import Source, cannot_read
from dedup.readers.streams import read_whole

# pyarrow has no types: these names say what is meant.
Arrow: TypeAlias = Any
Array: TypeAlias = Any
Metadata: TypeAlias = Any
RecordBatch: TypeAlias = Any
Schema: TypeAlias = Any
Type: TypeAlias = Any
ColumnPath: TypeAlias = tuple[str, ...]

_MAGIC: Final = b"PAR1"
_ENCRYPTED: Final = b"PARE"
# Behind the footer of a file that has encrypted columns. Asked for how one of them is packed,
# pyarrow 26 ends the process, so nothing is asked before rows were read.
_SIGNATURE_BYTES: Final = 28
_BUFFER_BYTES: Final = 1 << 20
_BATCH_BYTES: Final = 4 << 20
_MOST_ROWS: Final = 256
_LEAST_ROWS: Final = 64  # fewer cost more than reading itself
_SPELLED_BYTES: Final = 64 << 20  # what one batch of a dictionary's texts may become
_REMEDY: Final = "Check the file and fetch it again, or leave it out with --skip-errors."


def load_arrow() -> Arrow:
    """Give the module pyarrow, with `pyarrow.parquet` and `pyarrow.compute` loaded.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import pyarrow.compute  # noqa: PLC0415 -- 0.1 s that only Parquet pays for
        import pyarrow.parquet  # noqa: PLC0415 -- likewise
    except ImportError as error:
        raise MissingExtraError("Parquet", "pyarrow", "parquet") from error
    return pyarrow


class ParquetSource:
    """An open Parquet file; a context manager.

    Attributes:
        schema: Its columns as Arrow has them, with what else was stored under the file's keys.
        metadata: What its footer says of row groups and how columns are packed.
    """

    def __init__(self, source: Source, config: ReadersConfig) -> None:
        """Open a source.

        Raises:
            InputError: It is no regular file, no Parquet, encrypted or its footer is damaged.
            MissingExtraError: pyarrow is not installed.
        """
        self._name, self._config = source.name, config
        load_arrow()
        self._content = _open_content(source, config)
        try:
            self._open(_check_ends(self._content, source.name))
        except BaseException:
            self._content.close()
            raise

    def _open(self, footer_bytes: int) -> None:
        parquet = load_arrow().parquet
        with self._as_input_errors("its footer is damaged"):
            self.metadata: Metadata = parquet.read_metadata(self._content)
            if footer_bytes - self.metadata.serialized_size == _SIGNATURE_BYTES:
                raise _encrypted(self._name)
            self._content.seek(0)
            self._file = parquet.ParquetFile(
                self._content,
                metadata=self.metadata,
                buffer_size=_BUFFER_BYTES,
                pre_buffer=False,
                coerce_int96_timestamp_unit=_choose_unit(self.metadata),
                page_checksum_verification=True,  # where there are any
            )
            self.schema: Schema = self._file.schema_arrow

    @contextmanager
    def _as_input_errors(self, problem: str) -> Iterator[None]:
        """Turn what pyarrow raises into errors that name the source."""
        try:
            yield
        except (ValueError, LookupError, TypeError, NotImplementedError, MemoryError) as error:
            raise self._refuse(problem, error) from error
        except OSError as error:
            if error.errno is not None:  # the system's, not pyarrow's
                raise cannot_read(self._name, error) from error
            raise self._refuse(problem, error) from error

    def _refuse(self, problem: str, error: Exception) -> InputError:
        said = " ".join(str(error).split()) or type(error).__name__
        if "crypt" in said:
            return _encrypted(self._name)
        return InputError(self._name, None, f"{problem} ({said})", _REMEDY)

    def find(self, name: str) -> ColumnPath | None:
        """Find a column by its name, or a field of a struct by names with dots between."""
        if name in self.schema.names:
            return (name,)
        path = tuple(name.split("."))
        fields, found = self.schema, None
        for part in path:
            names = [field.name for field in fields]
            if names.count(part) != 1:
                return None
            found = fields[names.index(part)]
            fields = _fields_of(found.type)
        return path if found is not None else None

    def find_text(self) -> ColumnPath:
        """Find the column of text.

        Raises:
            InputError: There is none by the name, there are several, or it holds no text.
        """
        name = self._config.text_field
        path = self.find(name)
        columns = ", ".join(f"'{column}'" for column in _list_texts(self.schema))
        remedy = (
            f"Name the text with --text-field: columns of text are {columns or 'none'}; or leave "
            "such files out with --exclude."
        )
        if path is None:
            raise InputError(self._name, None, f"it has no column '{name}'", remedy)
        if path[1:] == () and self.schema.names.count(name) > 1:
            raise InputError(self._name, None, f"several columns are called '{name}'", remedy)
        kind = self.type_of(path)
        if not _is_text(kind):
            problem = f"its column '{name}' is {kind}, expected a string"
            raise InputError(self._name, None, problem, remedy)
        return path

    def type_of(self, path: ColumnPath) -> Type:
        """Give the type of a column that `find` found."""
        kind = self.schema.field(self.schema.names.index(path[0])).type
        for name in path[1:]:
            kind = next(field.type for field in _fields_of(kind) if field.name == name)
        return kind

    def read_batches(
        self, paths: Sequence[ColumnPath] | None = None
    ) -> Iterator[tuple[int, RecordBatch]]:
        """Read the rows, some at a time, each with the number of its row group.

        Args:
            paths: The columns to read; None for all of them.

        Raises:
            InputError: The data are damaged or encrypted.
        """
        names = None if paths is None else [".".join(path) for path in paths]
        for group in range(self.metadata.num_row_groups):
            problem = f"the data of its row group {group + 1} are damaged"
            with self._as_input_errors(problem):
                n_rows = _choose_rows(self.metadata.row_group(group))
                batches = iter(
                    self._file.iter_batches(n_rows, [group], columns=names, use_threads=False)
                )
            while True:
                with self._as_input_errors(problem):
                    batch = next(batches, None)
                if batch is None:
                    break
                yield group, batch

    def __enter__(self) -> Self:
        """Give the source itself."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the file."""
        self._content.close()


def _open_content(source: Source, config: ReadersConfig) -> IO[bytes]:
    if source.path is None or source.compression:
        piece = read_whole(source, config)
        return io.BytesIO(piece.data[: piece.size].tobytes())
    path = Path(source.path)
    try:
        is_regular = stat.S_ISREG(path.stat().st_mode)
        if is_regular:
            return path.open("rb")
    except (OSError, ValueError) as error:
        raise cannot_read(source.name, error) from error
    remedy = "Name a regular file: a Parquet file is read from its end."
    raise InputError(source.name, None, "it is not a regular file", remedy)


def _check_ends(content: IO[bytes], name: str) -> int:
    """Refuse what does not begin and end as Parquet does; gives the size that the footer has."""
    begin = content.read(len(_MAGIC))
    content.seek(max(content.seek(0, io.SEEK_END) - len(_MAGIC) - 4, 0))
    end = content.read()
    content.seek(0)
    if _ENCRYPTED in (begin, end[-len(_MAGIC) :]):
        raise _encrypted(name)
    if begin != _MAGIC:
        remedy = "Check its name, or name its format with --input-format."
        raise InputError(name, None, "it is no Parquet file: it does not begin with PAR1", remedy)
    if not end.endswith(_MAGIC):
        raise InputError(name, None, "it is cut off: it does not end with PAR1", _REMEDY)
    return int.from_bytes(end[:4], "little")


def _encrypted(name: str) -> InputError:
    remedy = "Decrypt it first, or leave it out with --skip-errors."
    return InputError(name, None, "it is encrypted", remedy)


def _choose_unit(metadata: Metadata) -> str | None:
    """Choose the unit of old times of 96 bits where no schema of Arrow tells it.

    Spark writes them, to the microsecond; in nanoseconds its year 9999 would become another.
    """
    return None if b"ARROW:schema" in (metadata.metadata or {}) else "us"


def _choose_rows(group: Metadata) -> int:
    """Choose how many rows to read at once, by what the footer says of their sizes."""
    n_bytes = max(1, group.total_byte_size)
    n_rows = max(1, _BATCH_BYTES * group.num_rows // n_bytes)
    return int(min(n_rows, max(_LEAST_ROWS, _SPELLED_BYTES // n_bytes), _MOST_ROWS))


def _fields_of(kind: Type) -> list[Any]:
    """Give the fields of a struct; none for any other type."""
    if not load_arrow().types.is_struct(kind):
        return []
    return [kind.field(number) for number in range(kind.num_fields)]


def _list_texts(fields: Schema, prefix: str = "") -> list[str]:
    """List the names of all columns of text, fields of structs with dots between."""
    names = []
    for field in fields:
        if _is_text(field.type):
            names.append(prefix + field.name)
        names += _list_texts(_fields_of(field.type), f"{prefix}{field.name}.")
    return names


def _is_text(kind: Type) -> bool:
    types = load_arrow().types
    if types.is_dictionary(kind):
        kind = kind.value_type
    views = getattr(types, "is_string_view", None)  # pyarrow 16 and later
    return bool(
        types.is_string(kind) or types.is_large_string(kind) or (views is not None and views(kind))
    )


def pick_column(batch: RecordBatch, path: ColumnPath) -> Array:
    """Give a column, or a field of a struct; where the struct is null, the field is."""
    column = batch.column(batch.schema.names.index(path[0]))
    return load_arrow().compute.struct_field(column, list(path[1:])) if path[1:] else column


def as_large_string(column: Array) -> Array:
    """Give a column of text with offsets of 64 bits, however it was held."""
    arrow = load_arrow()
    if arrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(arrow.large_string())

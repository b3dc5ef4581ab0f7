"""Compile the loops once with Numba, keep the machine code, and load it without Numba.

Decision (2026-11-23): importing Numba costs 0.2 s of CPU and each cached dispatcher more, as much
as scanning 100,000 paragraphs; llvmlite alone costs 0.05 s. So the first run compiles every loop
to one object file (named by a hash of all it depends on) and later runs link that file with
llvmlite's JIT linker and call it through ctypes, which releases the GIL. Numba's own cache would be
the choice again if its import became ten times cheaper.

The file goes beside the package, else into the user's cache directory, else nowhere: then the loops
are compiled again by every run that needs them, and each says so.
"""

import contextlib
import ctypes
import gc
import hashlib
import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeAlias

import llvmlite
import llvmlite.binding as llvm
import numpy as np

_LOG = logging.getLogger(__name__)
_DIGEST_BYTES: Final = 32
_WRITABLE_BY_OTHERS: Final = 0o022
_LOOP_MODULES: Final = (
    *("tokens", "folding", "escapes", "records", "minima", "pairs", "slots", "sketches"),
    *("terms", "shapes", "restatement", "anchors"),
)
_DTYPES: Final[dict[str, "np.dtype[Any]"]] = {
    "ByteArray": np.dtype(np.uint8),
    "TokenArray": np.dtype(np.uint32),
    "ShingleArray": np.dtype(np.uint32),
    "SignatureArray": np.dtype(np.uint32),
    "HashArray": np.dtype(np.uint64),
    "PairArray": np.dtype(np.uint64),
    "OffsetArray": np.dtype(np.int64),
    "IndexArray": np.dtype(np.int32),
    "ScoreArray": np.dtype(np.float64),
}
Loop: TypeAlias = Callable[..., int]
Signatures: TypeAlias = dict[str, list[str]]


def _find_sources() -> list[Path]:
    folder = Path(__file__).parent
    read = ("columns.py", "constants.py", "records.py", "shapes.py")
    return [
        *(folder / name for name in read),
        Path(__file__),
        *sorted((folder / "loops").glob("*.py")),
    ]


def _object_name() -> str:
    """Name the object file by what decides its bytes: sources, compilers, processor.

    llvmlite's version stands for Numba's, which asks for just one of it.
    """
    seen = hashlib.blake2b(digest_size=12)
    for path in _find_sources():
        seen.update(path.read_bytes())
    facts = [llvmlite.__version__, llvm.get_default_triple()]
    facts += [llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()]
    seen.update("\0".join(facts).encode())
    return f"loops-{seen.hexdigest()}.o"


def _cache_folders() -> Iterator[Path]:
    """Give the places for the object file, best first."""
    yield Path(__file__).parent / "__pycache__"
    with contextlib.suppress(RuntimeError):  # a user without a home
        yield Path.home() / ".cache" / "dedup"


@cache
def load_loops() -> dict[str, Loop]:
    """Give every loop by name, from the object file where there is one, else compiled now."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    header, _, code = keep_bytes(_object_name(), _compile).partition(b"\n")
    return _link(code, json.loads(header))


def keep_bytes(name: str, make: Callable[[], bytes]) -> bytes:
    """Give the kept file `name`, made now and kept where it is missing, damaged or not allowed."""
    for folder in _cache_folders():
        with contextlib.suppress(OSError):
            if not _is_trusted(folder / name):
                continue
            kept = (folder / name).read_bytes()
            content = kept[_DIGEST_BYTES:]
            if kept[:_DIGEST_BYTES] == _digest(content):
                return content
    content = make()
    if not any(_keep(folder, name, content) for folder in _cache_folders()):
        _LOG.warning("no folder to keep %s in: it is made again by every run that needs it", name)
    return content


def _is_trusted(path: Path) -> bool:
    """Tell whether nobody but this user and root can have written a file, where that is known."""
    status = path.stat()
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid in {0, os.geteuid()} and not status.st_mode & _WRITABLE_BY_OTHERS


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()


def _keep(folder: Path, name: str, content: bytes) -> bool:
    """Write a file whole or not at all; False where the folder does not allow it."""
    import tempfile  # noqa: PLC0415 -- 10 ms that only the first run pays

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            written = Path(scratch) / name
            written.write_bytes(_digest(content) + content)
            written.chmod(0o644)
            written.replace(folder / name)
    except OSError:
        return False
    return True


@cache
def _target_machine() -> llvm.TargetMachine:
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        jit=True,
    )


def _link(code: bytes, signatures: Signatures) -> dict[str, Loop]:
    """Link the machine code into this process; nothing of Python or Numba is behind it."""
    linker = llvm.create_lljit_compiler(_target_machine())
    builder = llvm.JITLibraryBuilder().add_object_img(code).add_current_process()
    for name in signatures:
        builder.export_symbol(name)
    library = builder.link(linker, "loops")
    return {name: _bind(library, name, kinds) for name, kinds in signatures.items()}


def _bind(library: llvm.ResourceTracker, name: str, kinds: list[str]) -> Loop:
    """Make a Python function of a loop's address; arrays are checked, since C would not."""
    native: list[type[ctypes.c_void_p | ctypes.c_int64]] = [ctypes.c_void_p, ctypes.c_void_p]
    for kind in kinds:
        native += [ctypes.c_void_p, ctypes.c_int64] if kind in _DTYPES else [ctypes.c_int64]
    function = ctypes.CFUNCTYPE(ctypes.c_int32, *native)(library[name])
    dtypes = [_DTYPES.get(kind) for kind in kinds]

    def call(*arguments: "int | np.ndarray[Any, Any]") -> int:
        result, error = ctypes.c_int64(), ctypes.c_void_p()
        flat: list[int] = [ctypes.addressof(result), ctypes.addressof(error)]
        for argument, dtype in zip(arguments, dtypes, strict=True):
            if isinstance(argument, int):
                flat.append(argument)
            elif argument.dtype == dtype and argument.flags.c_contiguous:
                flat += (argument.__array_interface__["data"][0], argument.size)
            else:
                raise TypeError(f"{name}: expected {dtype}, contiguous, got {argument.dtype}")
        if function(*flat) != 0:
            raise RuntimeError(f"{name} failed, which no loop can")
        return result.value

    call.library = library  # type: ignore[attr-defined]  # the code lives as long as its caller
    return call


def _compile() -> bytes:
    """Compile every public loop: a line of JSON with their parameters, then the object code."""
    _LOG.warning("compiling the kernels for this processor, once per installation (about 13 s)")
    was_enabled = gc.isenabled()
    gc.disable()  # nothing of a compiler's graphs is garbage before its end: a tenth of the time
    try:
        module, signatures = _compile_loops()
        code: bytes = _target_machine().emit_object(module)
    finally:
        if was_enabled:
            gc.enable()
    return json.dumps(signatures).encode() + b"\n" + code


def _compile_loops() -> tuple[llvm.ModuleRef, Signatures]:
    """Compile every public loop into one module; gives each one's parameters too."""
    signatures: Signatures = {}
    module = llvm.parse_assembly("")
    for name, function, kinds in _find_loops():
        module.link_in(llvm.parse_assembly(_compile_loop(name, function, kinds)))
        signatures[name] = kinds
    return module, signatures


def _find_loops() -> Iterator[tuple[str, Callable[..., int], list[str]]]:
    import inspect  # noqa: PLC0415 -- likewise

    for module_name in _LOOP_MODULES:
        module = import_module(f"dedup.kernels.loops.{module_name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                parameters = inspect.signature(function).parameters.values()
                yield name, function, [parameter.annotation for parameter in parameters]


def _compile_loop(name: str, function: Callable[..., int], kinds: list[str]) -> str:
    """Give the LLVM code of a loop as a function of plain pointers and sizes called `name`."""
    numba: Any = import_module("numba")  # its own types forbid what its documentation shows

    from dedup.kernels.loops.memory import part  # noqa: PLC0415 -- likewise

    types = tuple(
        numba.from_dtype(_DTYPES[kind])[::1] if kind in _DTYPES else numba.types.int64
        for kind in kinds
    )
    loop = part(function)
    loop.compile(types)
    native_name = loop.overloads[types].fndesc.llvm_func_name
    module = llvm.parse_assembly(loop.inspect_llvm(types))
    module.link_in(llvm.parse_assembly(_write_entry(name, native_name, kinds)))
    return _strip(module, name)


def _write_entry(name: str, native_name: str, kinds: list[str]) -> str:
    """Write the function that hands plain pointers and sizes on as Numba's arrays.

    To Numba an array is seven arguments: two owners (none here), its items and the bytes of one,
    the data, and the same again as shape and stride. Writing that down is 3 s cheaper than letting
    Numba compile an entry around each loop, which optimizes every loop a second time.
    """
    parameters, arguments = ["ptr %result", "ptr %error"], ["ptr %result", "ptr %error"]
    for place, kind in enumerate(kinds):
        if kind in _DTYPES:
            shape = f"i64 %n{place}, i64 {_DTYPES[kind].itemsize}"
            parameters.append(f"ptr %a{place}, i64 %n{place}")
            arguments.append(f"ptr null, ptr null, {shape}, ptr %a{place}, {shape}")
        else:
            parameters.append(f"i64 %a{place}")
            arguments.append(f"i64 %a{place}")
    declared = re.sub(r"(\w+) [^,]+", r"\1", ", ".join(arguments))
    return (
        f'declare i32 @"{native_name}"({declared})\n'
        f"define i32 @{name}({', '.join(parameters)}) {{\n"
        f'  %status = call i32 @"{native_name}"({", ".join(arguments)})\n'
        "  ret i32 %status\n}\n"
    )


def _strip(module: llvm.ModuleRef, name: str) -> str:
    """Keep the one function asked for and what it calls."""
    for value in [*module.functions, *module.global_variables]:
        if value.name != name and not value.is_declaration:
            value.linkage = "internal"
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(module, llvm.create_pass_builder(_target_machine(), llvm.PipelineTuningOptions()))
    return str(module)

"""Read eight or sixty-four neighbouring bytes at once, which Python's types cannot say.

The three intrinsics are the only places where a loop leaves plain array code: an unaligned load,
a comparison of 64 bytes that gives 64 bits, and the index of the lowest set bit. LLVM turns them
into one to four instructions on AVX-512, AVX2 and NEON alike; the oracle in `dedup.text` never
sees them. Arrays read with them have 64 bytes of padding behind the last text byte.
"""

from collections.abc import Callable
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

# A part of a loop. No reference counts, since a loop owns no array; nothing raises.
OPTIONS = {
    "error_model": "numpy",
    "boundscheck": False,
    "_nrt": False,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
part = numba.njit(**OPTIONS)
inlined = numba.njit(forceinline=True, **OPTIONS)

_BYTE, _WORD, _CHUNK = ir.IntType(8), ir.IntType(64), ir.VectorType(ir.IntType(8), 64)


def _address(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, args[0])
    return builder.gep(array.data, [args[1]])


def _splat(value: int) -> Any:
    return ir.Constant(_CHUNK, [value] * 64)


def _instruction(generator: Callable[..., Any]) -> Callable[..., Any]:
    """Make an intrinsic of its generator; typed as what the loops call, not as what Numba calls."""
    made: Callable[..., Any] = intrinsic(generator)
    return made


@_instruction
def load_word(_typing: Any, array: Any, index: Any) -> Any:
    """Load the 8 bytes at `index` as one little-endian uint64."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = builder.bitcast(_address(context, builder, signature, args), _WORD.as_pointer())
        return builder.load(place, align=1)

    return types.uint64(array, index), generate


def _chunk_at(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    place = builder.bitcast(_address(context, builder, signature, args), _CHUNK.as_pointer())
    return builder.load(place, align=1)


def _byte_mask(find: Callable[[Any, Any], list[Any]]) -> Callable[..., Any]:
    """Make an instruction of a test: bit i tells whether the byte at `index` + i passes it."""

    def mask(_typing: Any, array: Any, index: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            chunk = _chunk_at(context, builder, signature, args)
            either, *others = find(builder, chunk)
            for hits in others:
                either = builder.or_(either, hits)
            return builder.bitcast(either, _WORD)

        return types.uint64(array, index), generate

    return _instruction(mask)


def _equal(builder: Any, chunk: Any, byte: str) -> Any:
    return builder.icmp_unsigned("==", chunk, _splat(ord(byte)))


@_byte_mask
def word_byte_mask(builder: Any, chunk: Any) -> list[Any]:
    """Test for an ASCII letter, digit or underscore."""
    letter = builder.sub(builder.or_(chunk, _splat(32)), _splat(ord("a")))
    digit = builder.sub(chunk, _splat(ord("0")))
    return [
        builder.icmp_unsigned("<", letter, _splat(26)),
        builder.icmp_unsigned("<", digit, _splat(10)),
        _equal(builder, chunk, "_"),
    ]


@_byte_mask
def line_end_mask(builder: Any, chunk: Any) -> list[Any]:
    """Test for LF and CR."""
    return [_equal(builder, chunk, "\n"), _equal(builder, chunk, "\r")]


@_byte_mask
def high_byte_mask(builder: Any, chunk: Any) -> list[Any]:
    """Test for a byte that is not ASCII."""
    return [builder.icmp_unsigned(">", chunk, _splat(127))]


@_byte_mask
def odd_byte_mask(builder: Any, chunk: Any) -> list[Any]:
    """Test for a byte that is not ASCII, or LF or CR."""
    return [
        builder.icmp_unsigned(">", chunk, _splat(127)),
        _equal(builder, chunk, "\n"),
        _equal(builder, chunk, "\r"),
    ]


@_byte_mask
def special_byte_mask(builder: Any, chunk: Any) -> list[Any]:
    """Test for a quote, a backslash or a control character, which end or bend a JSON string."""
    return [
        _equal(builder, chunk, '"'),
        _equal(builder, chunk, "\\"),
        builder.icmp_unsigned("<", chunk, _splat(32)),
    ]


@_instruction
def count_bits(_typing: Any, _word: Any) -> Any:
    """Count the set bits of a word."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), generate


@_instruction
def lowest_bit(_typing: Any, _word: Any) -> Any:
    """Give the index of the lowest set bit of a word that is not zero, 0 to 63."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), generate


@_instruction
def fetch_ahead(_typing: Any, array: Any, index: Any) -> Any:
    """Ask the processor for the item at `index`, which is read soon; gives 0."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [_BYTE.as_pointer(), word, word, word])
        name = "llvm.prefetch.p0"
        known = builder.module.globals.get(name)
        function = known or ir.Function(builder.module, kind, name)
        place = builder.bitcast(_address(context, builder, signature, args), _BYTE.as_pointer())
        builder.call(function, [place, word(0), word(3), word(1)])
        return ir.Constant(_WORD, 0)

    return types.uint64(array, index), generate

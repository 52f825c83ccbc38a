"""The wire format of protocol buffers. https://protobuf.dev/programming-guides/encoding/"""

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(number, value) of each field: an int, or bytes for what has a length. ValueError if malformed."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        value, at = _value(data, at, key & 7)
        yield key >> 3, value


def signed(value: int) -> int:
    """A 64-bit varint as int32 and int64 are written."""
    return value - (1 << 64) if value >= 1 << 63 else value


def varints(data: bytes) -> Iterator[int]:
    """The values of a packed list."""
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _value(data: bytes, at: int, wire_type: int) -> tuple[int | bytes, int]:
    if wire_type == VARINT:
        return _varint(data, at)
    if wire_type == BYTES:
        size, at = _varint(data, at)
    elif wire_type in (FIXED64, FIXED32):
        size = 8 if wire_type == FIXED64 else 4
    else:
        raise ValueError(f"illegal wire type {wire_type}")
    if at + size > len(data):
        raise ValueError("unexpected end of data")
    return data[at : at + size], at + size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise ValueError("unexpected end of data")
        byte, at = data[at], at + 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & (1 << 64) - 1, at
    raise ValueError("integer overflow")

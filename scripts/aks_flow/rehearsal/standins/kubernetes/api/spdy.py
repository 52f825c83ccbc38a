"""SPDY/3.1 frames: the part of the protocol that kubectl's port-forward speaks inside a WebSocket.

https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/ (framing layer)
"""

import struct
import zlib
from dataclasses import dataclass, field

SYN_STREAM, SYN_REPLY, RST_STREAM, PING = 1, 2, 3, 6
FIN = 0x01
_VERSION = 3
_LARGEST = 16 * 1024 * 1024  # bytes of one frame; the length's field allows no more

# What headers are compressed against: words with their lengths, then plain text (section 2.6.10.1).
_WORDS = (
    "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges "
    "age allow authorization cache-control connection content-base content-encoding content-language "
    "content-length content-location content-md5 content-range content-type date etag expect expires from "
    "host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location "
    "max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer "
    "transfer-encoding upgrade user-agent vary via warning www-authenticate method get status 200_OK version "
    "HTTP/1.1 url public set-cookie keep-alive origin"
)
_TEXT = (
    "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
    "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized"
    "403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable"
    "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT"
    "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,"
    "text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
)


def _counted(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + text


DICTIONARY = b"".join(_counted(word.replace("_", " ").encode()) for word in _WORDS.split()) + _TEXT.encode()


@dataclass(frozen=True)
class Frame:
    """kind: 0 for data, else SYN_STREAM, …. stream: its id, or a PING's number. headers: of a SYN_STREAM."""

    kind: int
    stream: int
    flags: int = 0
    data: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Codec:
    """One connection's frames: bytes in, bytes out. Header compression makes both directions stateful."""

    def __init__(self):
        self._buffer = bytearray()
        self._inflate = zlib.decompressobj(zdict=DICTIONARY)
        self._deflate = zlib.compressobj(zdict=DICTIONARY)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete by now. ValueError if it is not SPDY/3."""
        self._buffer += data
        frames = []
        while len(self._buffer) >= 8 and len(self._buffer) >= 8 + (length := self._length()):
            frames.append(self._frame(bytes(self._buffer[: 8 + length])))
            del self._buffer[: 8 + length]
        return frames

    def reply(self, stream: int) -> bytes:
        """SYN_REPLY without headers: the stream is accepted."""
        block = self._deflate.compress(struct.pack(">I", 0)) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        return _control(SYN_REPLY, struct.pack(">I", stream) + block)

    def _length(self) -> int:
        return int.from_bytes(self._buffer[5:8])

    def _frame(self, raw: bytes) -> Frame:
        (first, flags), payload = struct.unpack_from(">IB", raw), raw[8:]
        if not first >> 31:
            return Frame(0, first, flags, payload)
        version, kind = first >> 16 & 0x7FFF, first & 0xFFFF
        if version != _VERSION or (kind in (SYN_STREAM, RST_STREAM, PING) and len(payload) < 4):
            raise ValueError(f"not a frame of SPDY/3: {raw[:8].hex()}")
        stream = int.from_bytes(payload[:4]) if len(payload) >= 4 else 0
        headers = self._headers(payload[10:]) if kind == SYN_STREAM else {}
        return Frame(kind, stream, flags, b"", headers)

    def _headers(self, block: bytes) -> dict[str, str]:
        try:
            return _pairs(self._inflate.decompress(block, _LARGEST))
        except (zlib.error, struct.error) as error:
            raise ValueError(f"headers that cannot be read: {error}") from error


def data(stream: int, content: bytes, flags: int = 0) -> bytes:
    return struct.pack(">II", stream, flags << 24 | len(content)) + content


def ping(number: int) -> bytes:
    return _control(PING, struct.pack(">I", number))


def _control(kind: int, payload: bytes) -> bytes:
    return struct.pack(">HHI", 0x8000 | _VERSION, kind, len(payload)) + payload


def _pairs(block: bytes) -> dict[str, str]:
    """Count, then length and text of each name and value."""
    (count,), place, texts = struct.unpack_from(">I", block), 4, []
    for _ in range(2 * count):
        (length,) = struct.unpack_from(">I", block, place)
        texts.append(block[place + 4 : place + 4 + length].decode(errors="replace"))
        place += 4 + length
    return dict(zip(texts[::2], texts[1::2], strict=True))

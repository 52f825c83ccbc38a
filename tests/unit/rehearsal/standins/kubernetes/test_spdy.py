"""Frames of SPDY/3.1, as kubectl's port-forward sends them."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.kubernetes.api import spdy


class Client:
    """The other side: headers compressed in one stream for the whole connection."""

    def __init__(self):
        self._deflate = zlib.compressobj(zdict=spdy.DICTIONARY)

    def open(self, stream: int, **headers: str) -> bytes:
        words = [text.encode() for pair in headers.items() for text in pair]
        plain = struct.pack(">I", len(headers))
        plain += b"".join(struct.pack(">I", len(word)) + word for word in words)
        block = self._deflate.compress(plain) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        payload = struct.pack(">IIH", stream, 0, 0) + block
        return struct.pack(">HHI", 0x8003, spdy.SYN_STREAM, len(payload)) + payload


def test_the_dictionary_is_the_one_of_the_protocol():
    assert hex(zlib.adler32(spdy.DICTIONARY)) == "0xe3c6a7c2"


def test_headers_are_read_with_the_state_of_the_earlier_ones():
    client, codec = Client(), spdy.Codec()
    for number in range(1, 9, 2):
        (frame,) = codec.feed(client.open(number, streamtype="error", port="8080", requestid=str(number)))
        assert (frame.kind, frame.stream) == (spdy.SYN_STREAM, number)
        assert frame.headers == {"streamtype": "error", "port": "8080", "requestid": str(number)}


def test_a_reply_is_read_by_the_other_side():
    codec, inflate = spdy.Codec(), zlib.decompressobj(zdict=spdy.DICTIONARY)
    for number in (1, 3):
        reply = codec.reply(number)
        assert struct.unpack(">HHII", reply[:12]) == (0x8003, spdy.SYN_REPLY, len(reply) - 8, number)
        assert inflate.decompress(reply[12:]) == b"\0\0\0\0"


@given(
    contents=st.lists(st.binary(max_size=300), max_size=8), cuts=st.lists(st.integers(0, 3000), max_size=12)
)
def test_frames_come_whole_however_the_bytes_are_cut(contents, cuts):
    whole = b"".join(spdy.data(2 * index + 1, content) for index, content in enumerate(contents))
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    codec = spdy.Codec()
    frames = [
        frame
        for start, end in zip(places, places[1:], strict=False)
        for frame in codec.feed(whole[start:end])
    ]
    assert [(frame.stream, frame.data) for frame in frames] == [
        (2 * index + 1, content) for index, content in enumerate(contents)
    ]


@given(st.binary(min_size=8, max_size=200))
def test_anything_else_is_refused_or_waited_for(noise):
    try:
        spdy.Codec().feed(noise)
    except ValueError:
        return


def test_control_frames_of_another_version_are_refused():
    with pytest.raises(ValueError, match="not a frame of SPDY/3"):
        spdy.Codec().feed(b"\x80\x02\x00\x01\x00\x00\x00\x00")

"""Bodies that come packed though nobody asked for it: unpacked in small steps, once, or named."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.net.content_codings import STEP_BYTES, BrokenCoding, UnknownCoding, unpacker
from render.net.responses import MAX_ANSWER_BYTES, Unreadable, read_body
from tests.render.net.bombs import bomb

PACKERS = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress}
CLIP = b"\0\0\0\x20ftypisom" + bytes(range(256)) * 50


def unpacked(header: str, *pieces: bytes) -> bytes:
    unpack = unpacker(header)
    return b"".join([part for piece in pieces for part in unpack.feed(piece)]) + unpack.finish()


@pytest.mark.parametrize("header", ["", "identity", "aws-chunked", "AWS-Chunked , identity", ",", " identity"])
def test_codings_that_change_nothing_pass(header: str) -> None:
    """Object stores repeat how a file was uploaded; the file itself is plain."""
    assert unpacked(header, CLIP[:7], CLIP[7:]) == CLIP
    assert not unpacker(header).packed


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("around", ["{}", "aws-chunked,{}", " {} , identity"])
def test_one_packing_is_taken_off(coding: str, around: str) -> None:
    """Under the names that hosts use, alone and within a list of codings that change nothing."""
    header = around.format(coding.upper())
    assert unpacked(header, PACKERS[coding](CLIP)) == CLIP
    assert unpacker(header).packed


@given(
    body=st.binary(max_size=3000), cuts=st.lists(st.integers(0, 3000), max_size=6), coding=st.sampled_from([*PACKERS])
)
def test_pieces_may_come_cut_anywhere(body: bytes, cuts: list[int], coding: str) -> None:
    """However the packed bytes are split, what comes out is the same."""
    packed = PACKERS[coding](body)
    places = sorted({0, *(min(cut, len(packed)) for cut in cuts), len(packed)})
    pieces = [packed[begin:end] for begin, end in pairwise(places)]
    assert unpacked(coding, *pieces) == body


def test_several_packed_parts_make_one_body() -> None:
    """As the format allows it, with zeros that fill up the last block."""
    assert unpacked("gzip", gzip.compress(b"one") + gzip.compress(b""), gzip.compress(b"two") + bytes(500)) == b"onetwo"


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("plain", [CLIP, b"", b"x", b'{"id": "job-7"}'])
def test_a_header_that_lies_changes_nothing(coding: str, plain: bytes) -> None:
    """What does not begin as its coding begins is not packed."""
    assert unpacked(coding, plain) == plain


@pytest.mark.parametrize("coding", PACKERS)
def test_what_is_cut_off_or_damaged_is_broken(coding: str) -> None:
    """Half a packed body is never taken for a whole one."""
    packed = PACKERS[coding](CLIP)
    for bad in (packed[:40], packed[:-1], packed[:30] + b"\xff" * 40):
        with pytest.raises(BrokenCoding):
            unpacked(coding, bad)


@pytest.mark.parametrize("header", ["br", "zstd", "gzip, gzip", "gzip, br", "compress", "aws-chunked, br"])
def test_anything_else_is_named(header: str) -> None:
    """Of several layers none is taken off."""
    with pytest.raises(UnknownCoding, match=header.removeprefix("aws-chunked, ")):
        unpacker(header)


def test_each_step_is_small() -> None:
    """Whatever the packed bytes promise, one step gives no more than its bound."""
    assert max(len(part) for part in unpacker("gzip").feed(gzip.compress(bytes(30_000_000)))) == STEP_BYTES


@pytest.mark.anyio
@pytest.mark.parametrize("layers", [1, 2])
async def test_an_answer_that_unpacks_takes_no_memory(layers: int) -> None:
    """A gigabyte in a few thousand bytes ends at the bound of an answer, by one layer and by two."""
    packed, header = bomb(layers), ", ".join(["gzip"] * layers)
    assert len(packed) < {1: 2_000_000, 2: 10_000}[layers]

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(packed), STEP_BYTES):
            yield packed[at : at + STEP_BYTES]

    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            await read_body(pieces(), header, bytearray())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * MAX_ANSWER_BYTES

"""Markers stand in the form in which DaVinci Resolve itself writes and reads them."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.markers.marker_edl import Marker, marker_edl, timecode

EVENT = re.compile(
    r"\d{3}  001      V     C        (\d\d:\d\d:\d\d:\d\d) (\d\d:\d\d:\d\d:\d\d) \1 \2  \n"
    r"(?!\d)([^|\n]*) \|C:ResolveColor(Yellow|Red) \|M:([^|\n]*) \|D:1\n"
)


def test_markers_are_written_as_resolve_writes_them() -> None:
    """By time; two on one frame are one, and a wish for another take is red."""
    marks = [
        Marker(frame=31, name="lamp/020 take 2", words="Ines: too dark"),
        Marker(frame=0, name="lamp/010 take 1", words="Rosa: the best of them"),
        Marker(frame=31, name="lamp/020 take 2", words="Rosa: again", wish=True),
    ]
    assert marker_edl("lighthouse e01 notes", marks, Fraction(24)) == (
        "TITLE: lighthouse e01 notes\n"
        "FCM: NON-DROP FRAME\n"
        "\n"
        "001  001      V     C        01:00:00:00 01:00:00:01 01:00:00:00 01:00:00:01  \n"
        "Rosa: the best of them |C:ResolveColorYellow |M:lamp/010 take 1 |D:1\n"
        "\n"
        "002  001      V     C        01:00:01:07 01:00:01:08 01:00:01:07 01:00:01:08  \n"
        "Ines: too dark / Rosa: again |C:ResolveColorRed |M:lamp/020 take 2 |D:1\n\n"
    )


@given(st.lists(st.builds(Marker, frame=st.integers(0, 10**6), name=st.text(), words=st.text(), wish=st.booleans())))
def test_no_text_breaks_a_line_or_looks_like_an_event(marks: list[Marker]) -> None:
    """Whatever people and vendors write: one event a frame, each of two lines."""
    text = marker_edl("x\ny", marks, Fraction(25))
    head, _, events = text.partition("\n\n")
    assert head == "TITLE: x y\nFCM: NON-DROP FRAME"
    assert len(EVENT.findall(events)) == len({each.frame for each in marks}) == events.count(" |D:1\n")


@pytest.mark.parametrize(
    ("frame", "fps", "told"),
    [
        (0, "24", "01:00:00:00"),
        (24 * 60 + 5, "24", "01:01:00:05"),
        (24, "24000/1001", "01:00:01:00"),
        (1800, "30000/1001", "01:01:00:00"),
        (59, "60", "01:00:00:59"),
        (25 * 3600 * 23, "25", "00:00:00:00"),
    ],
)
def test_a_time_counts_frames_as_the_next_whole_rate_does(frame: int, fps: str, told: str) -> None:
    """From the first hour on, and without dropping any."""
    assert timecode(frame, Fraction(fps)) == told

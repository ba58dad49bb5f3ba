"""The one encoder of conformed pieces, slates and animatics. All that it writes in one master format has the same
parameter sets, so that pieces are joined by copying.

Near lossless (crf 12), because a conformed piece is the only encode its picture gets. Without B-frames, because then
decoding order is showing order: pieces start at 0 and end where they should, whatever stands beside them.
"""

from __future__ import annotations

from pathlib import Path

from render.media.colour_conversion import as_bt709
from render.media.frame_rate import timescale
from render.media.graph import PRECISE, Output, Stream, sink
from render.media.sound_samples import SOUND_RATE
from storyboard.shot import MasterFormat

RECIPE = "house-1"
"""A part of the keys of kept pieces. Changes with anything below, so that pieces made before are not mixed with pieces
made after."""

SOUND_OPTIONS = {"c:a": "aac", "b:a": "192k", "ar": SOUND_RATE, "ac": 2}


def output(video: Stream, audio: Stream | None, target: Path, master: MasterFormat) -> Output:
    """A graph that writes `target` (.mp4) in the master's format.

    `video` must come at the master's frame rate; it is brought to the master's size, to BT.709 in the range of
    television and to square pixels here. Sound, where there is any, is AAC at 48 kHz in stereo.
    """
    streams = [in_format(video, master)] if audio is None else [in_format(video, master), audio]
    options: dict[str, object] = {} if audio is None else dict(SOUND_OPTIONS)
    return sink(streams, target, **options, **_picture_options(master))


def in_format(video: Stream, master: MasterFormat) -> Stream:
    """A picture of the master's rate at its size, in BT.709 in the range of television, with square pixels."""
    sized = video.filter(
        "scale",
        w=master.width,
        h=master.height,
        out_color_matrix="bt709",
        out_range="tv",
        flags=PRECISE,
    )
    return as_bt709(sized)


def _picture_options(master: MasterFormat) -> dict[str, object]:
    group = max(1, round(master.fps))  # one second
    return {
        "format": "mp4",
        "c:v": "libx264",
        "preset": "veryfast",
        "profile:v": "high",
        "crf": 12,
        "bf": 0,
        "g": group,
        "keyint_min": group,
        "sc_threshold": 0,
        "fps_mode": "passthrough",
        "video_track_timescale": timescale(master.fps),
        "colorspace": "bt709",
        "color_primaries": "bt709",
        "color_trc": "bt709",
        "color_range": "tv",
        "map_metadata": -1,
        "fflags": "+bitexact",
        "flags:v": "+bitexact",
        "movflags": "+faststart",
    }

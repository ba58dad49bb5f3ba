"""Brings a film's picture to the master's colours: tone-mapped, of BT.709, progressive and opaque.

Tail frames, references and the cut all go through this one graph, so a shot that continues another begins on the very
colours that the cut shows. What is ordinary (see `storyboard.film_traits`) passes through untouched.

HDR follows ITU-R BT.2408: white on paper is 203 cd/m², which becomes nearly the master's white. All tones up to three
fifths of it stay exactly as they are, and highlights up to 1,000 cd/m² are pressed into what is left above; whatever is
brighter is white. Colours that BT.709 does not have become the nearest that it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from render.errors import MediaError
from render.media.displayed_frame import BT709, UNSPECIFIED, assumed_matrix
from render.media.ffmpeg_needs import FILMS, VEILED, need_for_films
from render.media.graph import PRECISE, Stream, source
from render.media.signature import StreamSignature
from render.media.stream_traits import primaries_of, traits_of, transfer_of
from storyboard.film_traits import COLOURS, HDR, Trait

WHITE_CD_M2 = 203
"""The luminance of white on paper in HDR, in cd/m² (ITU-R BT.2408)."""

PEAK_CD_M2 = 1_000
"""The luminance from which on everything is white, in cd/m²."""

KNEE = 0.6
"""The share of white, in linear light, above which highlights are pressed together."""

_CONVERTED = frozenset(FILMS)
_RGB, _BT2020_NCL = 0, 9
_NOT_READ = frozenset({17})  # transfers that zscale does not know
_DOLBY_TAGS = frozenset({"dvh1", "dvhe", "dva1", "dvav", "dav1"})


def is_ordinary(encoded: StreamSignature) -> bool:
    """Whether the picture needs nothing from here: it is shown right as it stands."""
    return not _CONVERTED & set(traits_of(encoded)) and not _is_bare_dolby(encoded)


def refuse_unreadable(encoded: StreamSignature, name: str) -> None:
    """Raises MediaError where no ffmpeg makes the right colours: Dolby Vision without a picture of another kind."""
    if _is_bare_dolby(encoded):
        raise MediaError(
            f"{name} is Dolby Vision alone (profile 5), whose colours no other player can read",
            "Export it as HDR10, HLG or BT.709",
        )
    if encoded.colours[3] in _NOT_READ:
        raise MediaError(f"{name} states a transfer that is not read here (SMPTE ST 428-1)", "Export it as BT.709")


def brought(
    film: Path,
    encoded: StreamSignature,
    name: str = "",
    *,
    only: range | None = None,
    input_options: Mapping[str, object] | None = None,
) -> Stream:
    """A film's picture in BT.709's colours, progressive and opaque, for a graph that scales it by `matrix_of`.

    `name` is what a person calls the film, `only` the frames that are wanted (None: all), counted from 0; no others are
    converted. `input_options` are what a graph asks of the file beyond that. Raises MediaError where ffmpeg cannot.
    """
    refuse_unreadable(encoded, name or film.name)
    traits = set(traits_of(encoded)) & _CONVERTED
    need_for_films({name or film.name: traits})
    video = source(film, **_decoder(encoded), **(input_options or {})).video
    if Trait.INTERLACED in traits:
        video = video.filter("bwdif", mode="send_frame", deint="interlaced")
    if only is not None:
        video = video.filter("trim", start_frame=only.start, end_frame=only.stop)
    if Trait.ALPHA in traits:
        video = video.filter("format", "gbrap16le" if encoded.rgb else "yuva444p16le").filter("premultiply", inplace=1)
    return _coloured(video, encoded, hdr=bool(traits & HDR)) if traits & COLOURS else video


def matrix_of(encoded: StreamSignature) -> str:
    """The matrix of what `brought` gives, as the filter `scale` calls it; where a picture does not say, as assumed."""
    if COLOURS & set(traits_of(encoded)):
        return "bt709"
    if encoded.colours[1] != UNSPECIFIED:
        return "auto"
    return "bt709" if assumed_matrix(encoded.width, encoded.height) == BT709 else "bt601"


def in_bt709(video: Stream, encoded: StreamSignature, width: object, height: object) -> Stream:
    """What `brought` gives at a size, as a clip that says what it is: BT.709 in the range of television, 8 bits, 4:2:0,
    with square pixels. Width and height are numbers, or expressions of the filter `scale`."""
    return as_bt709(scaled(video, encoded, width, height))


def scaled(video: Stream, encoded: StreamSignature, width: object, height: object) -> Stream:
    """What `brought` gives at a size, by the matrix of BT.709 in the range of television."""
    return video.filter(
        "scale",
        w=width,
        h=height,
        in_color_matrix=matrix_of(encoded),
        out_color_matrix="bt709",
        out_range="tv",
        flags=PRECISE,
    )


def as_bt709(video: Stream) -> Stream:
    """A picture that is in BT.709 already, as a clip that says so: 8 bits, 4:2:0, with square pixels."""
    tagged = video.filter("format", "yuv420p").filter("setsar", 1)
    return tagged.filter("setparams", range="tv", colorspace="bt709", color_primaries="bt709", color_trc="bt709")


def _decoder(encoded: StreamSignature) -> dict[str, object]:
    """The decoder to ask for, where ffmpeg's own would leave out what is transparent."""
    return {"c:v": VEILED[encoded.codec]} if encoded.veiled and encoded.codec in VEILED else {}


def _coloured(video: Stream, encoded: StreamSignature, *, hdr: bool) -> Stream:
    """Through linear light. Nothing that speaks of HDR or Dolby Vision is left beside the frames."""
    whole = video.filter("format", "gbrp16le" if encoded.rgb else "yuv444p16le")
    linear = whole.filter("zscale", **_as_stated(encoded), transfer="linear", npl=WHITE_CD_M2, agamma=0)
    narrow = linear.filter("format", "gbrpf32le").filter("zscale", primaries="bt709")
    if hdr:
        narrow = narrow.filter("tonemap", "mobius", param=KNEE, peak=PEAK_CD_M2 / WHITE_CD_M2, desat=0)
    coded = narrow.filter("zscale", transfer="bt709", matrix="bt709", range="tv")
    return coded.filter("format", "yuv444p16le").filter("sidedata", mode="delete")


def _as_stated(encoded: StreamSignature) -> dict[str, object]:
    """What the picture says of its colours, as H.273 numbers them; what it leaves out goes with what it says."""
    stated = encoded.colours[1]
    matrix = _RGB if encoded.rgb else _BT2020_NCL if stated == UNSPECIFIED else stated
    return {
        "matrixin": matrix,
        "primariesin": primaries_of(encoded),
        "transferin": transfer_of(encoded),
        "rangein": "pc" if encoded.rgb or encoded.full_range else "tv",
    }


def _is_bare_dolby(encoded: StreamSignature) -> bool:
    return encoded.tag in _DOLBY_TAGS and encoded.colours[3] in {0, UNSPECIFIED}

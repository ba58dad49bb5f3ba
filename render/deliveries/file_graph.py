"""The graph that writes a delivery's file: its picture as it was encoded, its sound, its tracks of subtitles."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from render.deliveries.encoder_settings import BOXED, file_options, sound_options, subtitle_codec
from render.markers.ffmetadata import with_metadata
from render.media.graph import Output, sink, source, subtitle_file
from storyboard.delivery_formats import FileKind
from storyboard.languages import iso_639_2, quicktime_language
from storyboard.timeline.delivery_plan import DeliveryPlan
from storyboard.timeline.sample_grid import samples_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Names and chapters, as `write_metadata` wrote them, and the language of the sound in three letters."""

    file: Path
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The files that go into it: an encoded picture, the master's mix as a WAV, SubRip by language."""

    picture: Path | None
    sound: Path | None
    soft: tuple[tuple[str, Path], ...] = ()
    gain_db: Decimal = Decimal(0)  # of the sound
    labels: Labelled | None = None


def file_graph(plan: DeliveryPlan, parts: Parts, target: Path) -> Output:
    """Write the file. What of the mix lies under the delivery's frames is cut to the sample.

    A mix that is too short is not filled up with silence, so that it is noticed.
    """
    options: dict[str, object] = dict(file_options(plan))
    streams = []
    if parts.picture is not None:
        streams.append(source(parts.picture).video)
        options |= {"c:v": "copy"}
    if parts.sound is not None and plan.delivery.sound is not None:
        first, last = (samples_at(frame, plan.master.fps) for frame in (plan.begin, plan.end))
        heard = source(parts.sound).audio.filter("atrim", start_sample=first, end_sample=last)
        heard = heard.filter("asetpts", "N/SR/TB")
        if parts.gain_db:
            heard = heard.filter("volume", f"{parts.gain_db}dB")
        streams.append(heard)
        options |= sound_options(plan.delivery.sound)
    for number, (language, file) in enumerate(parts.soft):
        streams.append(subtitle_file(file))
        options |= {
            "c:s": subtitle_codec(plan.delivery.kind),
            f"metadata:s:s:{number}": f"language={language_code(plan.delivery.kind, language)}",
        }
    if parts.labels is None:
        return sink(streams, target, **options)
    spoken = None if parts.sound is None else parts.labels.language
    clock = _clock(plan) if plan.delivery.kind in BOXED else None
    return with_metadata(streams, target, parts.labels.file, fps=clock, cover=None, language=spoken, **options)


def language_code(kind: FileKind, tag: str) -> str:
    """How such a file is told a language."""
    return quicktime_language(tag) if kind is FileKind.MOV else iso_639_2(tag)


def _clock(plan: DeliveryPlan) -> Fraction:
    return plan.master.fps if plan.picture is None else plan.picture.fps

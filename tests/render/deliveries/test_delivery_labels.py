"""Deliveries tell of themselves what their master does, in every file that can hold it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest

from render.deliveries.delivery_checks import checked
from render.errors import UnfitDelivery
from render.markers.labels import Labels
from storyboard.delivery_formats import CHAPTERED, HOLDS, TITLED, AudioCodec, FileKind, VideoCodec
from storyboard.timeline.markers import Chapter, Metadata
from tests.render.deliveries.delivering import inputs, made, mix, numbered_master
from tests.storyboard.timeline.delivery_cases import delivery, plan_of
from tests.thinning import one_in

TITLE = "Ünï; 第=一 # the \\lamp\\"
LABELS = Labels(
    Metadata(title=TITLE, show="The Last Lamp", episode_id="e01", episode_sort=1, language="deu"),
    (Chapter("The lamp", 0, 5), Chapter("第二章; #2", 5, 19), Chapter("sea", 19, 30)),
)


def chapters_of(file: Path) -> list[tuple[str, int]]:
    """Its chapters, and on which frame each begins."""
    with av.open(str(file)) as film:
        return [
            (each["metadata"]["title"].strip(), round(each["start"] * each["time_base"] * 24))
            for each in film.chapters()
        ]


@one_in(3)
@pytest.mark.parametrize("kind", sorted(TITLED))
def test_titles_and_chapters_are_the_masters(tmp_path: Path, kind: FileKind) -> None:
    """Names in any letters, chapters on their frames, and the language of the sound where the file has a place."""
    video = HOLDS[kind].video[0] if HOLDS[kind].video else VideoCodec.NONE
    plan = plan_of(delivery(video, kind=kind, audio=HOLDS[kind].audio[0]), lengths=(30,))
    given = inputs(numbered_master(tmp_path, frames=30), mix(tmp_path, 30 / 24), labels=LABELS)
    done = made(plan, given, tmp_path / "out")

    assert {"title", *(["chapters"] if kind in CHAPTERED else [])} <= {*done.facts.checks}
    wanted = [(each.title, each.start) for each in LABELS.chapters] if kind in CHAPTERED else []
    assert chapters_of(done.file) == wanted
    with av.open(str(done.file)) as film:
        found = film.metadata or film.streams[0].metadata
        assert found["title"].strip() == TITLE
        if video is not VideoCodec.NONE:
            assert film.streams.audio[0].language in {"deu", "ger"}


def test_chapters_of_a_part_count_from_its_beginning() -> None:
    """One that ends before it is none of it, and one that it begins within begins with it."""
    assert LABELS.within(6, 22).chapters == (Chapter("第二章; #2", 0, 13), Chapter("sea", 13, 16))


def test_what_a_file_does_not_tell_is_told(tmp_path: Path) -> None:
    """Another title, other chapters, a chapter on another frame."""
    plan = plan_of(delivery(VideoCodec.COPY, audio=AudioCodec.NONE), lengths=(30,))
    file = made(plan, inputs(numbered_master(tmp_path, frames=30), labels=LABELS), tmp_path / "out").file
    named, (first, second, third) = LABELS.metadata, LABELS.chapters
    late = Chapter(second.title, second.start + 1, second.end)
    for labels, told in (
        (Labels(Metadata(title="Other", show="", episode_id="e01"), ()), "instead of 'Other'"),
        (Labels(named, (first, third)), "3 chapters that are not the 2 of the master"),
        (Labels(named, (first, late, third)), f"its chapter {late.title} begins at {float(Fraction(5, 24)):.3f} s"),
    ):
        with pytest.raises(UnfitDelivery, match=told):
            checked(plan, file, labels)

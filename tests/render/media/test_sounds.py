"""Sounds of every kind in `docs/media.md`: taken for as long as they are, heard as they were made, or refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from render.cut.cut_plan import timeline_of
from render.errors import MediaError
from render.media.apply_fit import apply_fit
from render.media.reference_facts import reference_facts
from render.media.sound_samples import sound_alone
from storyboard.shot import MediaKind
from tests.docs.pages import ROOT
from tests.render.cut.pieces import MASTER, cut, piece, score_of
from tests.render.media.sound_cases import CODECS, LAYOUTS, LIARS, REFUSED, Case
from tests.sounds import RATE, channel, loudness
from tests.storyboard.timeline.sound_stories import BED
from tests.thinning import exhaustive, one_in

TAKEN = {**CODECS, **LAYOUTS, **LIARS}


@one_in(3)
@pytest.mark.parametrize("name", TAKEN)
def test_a_sound_lasts_and_is_heard_as_it_was_made(name: str, tmp_path: Path) -> None:
    """Its length comes from what is in it, and each tone is heard on its side, as loud as the formula says."""
    case = TAKEN[name]
    path = case.make(tmp_path)
    facts = reference_facts(path, "references/voice.wav")
    heard = b"".join(sound_alone(path))
    assert facts.kind is MediaKind.AUDIO
    assert float(facts.duration_s or 0) == pytest.approx(case.seconds, abs=case.slack_s)
    assert len(heard) / 8 / RATE == pytest.approx(case.seconds, abs=max(case.slack_s, 2 / RATE))
    _hold_tones(case, heard)


def _hold_tones(case: Case, heard: bytes) -> None:
    for side, tones in enumerate(case.heard):
        samples = channel(heard, side)
        assert max(map(abs, samples)) <= 1.0
        for hz, amplitude in tones.items():
            assert loudness(samples, hz) == pytest.approx(amplitude, rel=case.slack, abs=0.002), (side, hz)


@pytest.mark.parametrize("name", REFUSED)
def test_a_sound_that_is_not_whole_is_refused(name: str, tmp_path: Path) -> None:
    """What ends half-way, or is damaged, says so before anything is paid for, and what to do."""
    case = REFUSED[name]
    path = case.make(tmp_path)
    with pytest.raises(MediaError, match=case.refused) as refused:
        reference_facts(path, "references/voice.wav")
    assert path.name in str(refused.value)
    assert any(remedy in str(refused.value) for remedy in ("Copy it again", "Valid formats are"))


def test_the_page_says_of_every_sound_what_becomes_of_it() -> None:
    """Each row of the page's table is a kind that is tried here, and every kind has its row."""
    page = (ROOT / "docs" / "media.md").read_text(encoding="utf-8").partition("\n## Sounds\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    said = {row[0]: row[1].split(":")[0] for row in rows if row[0] != "sound"}
    held = {
        **dict.fromkeys({*CODECS, *LIARS}, "taken"),
        **dict.fromkeys(LAYOUTS, "converted"),
        **dict.fromkeys(REFUSED, "refused"),
    }
    assert said == held


@exhaustive
@pytest.mark.parametrize("name", TAKEN)
def test_a_sound_comes_through_the_whole_cut_and_to_a_vendor(name: str, tmp_path: Path) -> None:
    """As music under a master, and made to fit as MP3: each tone as loud as the formula says."""
    case = TAKEN[name]
    path, silent = case.make(tmp_path), [piece(tmp_path, "silent", frames=int(case.seconds * 24))]
    score = score_of(silent, timeline_of(silent, MASTER.fps), music=BED, song=path)
    master = cut(silent, tmp_path, score=score)
    asyncio.run(apply_fit(path, "audio:mp3", tmp_path / "sent.mp3"))
    for came in (master.path, tmp_path / "sent.mp3"):
        _hold_tones(replace(case, slack=0.12), b"".join(sound_alone(came)))


@exhaustive
@pytest.mark.parametrize("name", CODECS)
def test_no_sound_that_ends_anywhere_passes_for_whole(name: str, tmp_path: Path) -> None:
    """Cut at thirty places: refused, or it lacks less than what nobody hears."""
    path = CODECS[name].make(tmp_path)
    content, whole_s = path.read_bytes(), reference_facts(path, name).duration_s or 0
    for part in range(1, 31):
        path.write_bytes(content[: len(content) * part // 31 + part])
        try:
            left_s = reference_facts(path, name).duration_s or 0
        except MediaError:
            continue
        assert whole_s - left_s < 0.03, part

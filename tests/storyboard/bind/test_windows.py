"""The part of a film or a sound that is meant is what is sent, counted and paid for; nothing is cut in silence."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.bind.binding import bind
from storyboard.bind.fits import CannotFit, fit_for
from storyboard.bind.selection import ContinuityInput
from storyboard.bind.windows import window_of
from storyboard.capabilities import Capabilities, MediaLimits, Rate
from storyboard.errors import CannotBind
from storyboard.request import Request
from storyboard.shot import ContinuityMode, MediaKind, OwnTake, Reference, Role, Shot, Window
from tests.storyboard.stories import MASTER, facts, model, reference, shot, vendor

SONG = reference("song", Role.EXTRA, "references/song.wav", kind=MediaKind.AUDIO)
FILM = reference("film", Role.EXTRA, "references/film.mp4", kind=MediaKind.VIDEO)
OWN = replace(FILM, source="lamp/000", own=OwnTake("lamp/000"), required=True)
BILLED = Rate(usd_per_second=Decimal("0.2"), usd_per_second_with_video=Decimal("0.1"), bills_input_video=True)


def part(begin: Any = 0, end: Any = None) -> Window:
    return Window(Decimal(begin), None if end is None else Decimal(end))


def ask(*sent: Reference, lasts: Any = 30, offer: Capabilities | None = None, **known: Any) -> Request:
    """A shot that is sent these, each lasting so many seconds."""
    one: Shot = shot(references=sent)
    formats = {MediaKind.AUDIO: "wav", MediaKind.VIDEO: "mp4"}
    found = {each.source: facts(each, format=formats[each.kind], duration_s=Decimal(lasts), **known) for each in sent}
    made = offer or vendor(needs_visual_reference=False)
    return bind(one, made, series="lighthouse", wish="w", master=MASTER, references=found)


def refusal(*sent: Reference, **asked: Any) -> str:
    with pytest.raises(CannotBind) as caught:
        ask(*sent, **asked)
    return str(caught.value)


@pytest.mark.parametrize(
    ("window", "fit"),
    [
        (part(25), "25-30s"),
        (part(-5), "25-30s"),
        (part(-5, -1), "25-29s"),
        (part("12.5", "17.5"), "12.5-17.5s"),
        (part(20, -5), "20-25s"),
        (part(0, 15), "0-15s"),
    ],
)
def test_a_part_is_sent_by_its_name(window: Window, fit: str) -> None:
    """Negative seconds count from the end; the plan says which part it is."""
    request = ask(replace(FILM, window=window))
    assert request.references[0].fit == f"video:mp4:{fit}"
    assert any("is sent as video:mp4:" in note and " s of it" in note for note in request.notes)
    assert ask(replace(SONG, window=window)).references[0].fit == f"audio:wav:{fit}"


def test_the_whole_of_a_file_is_sent_as_it_is() -> None:
    """Also where a part is written that leaves nothing out."""
    assert ask(replace(FILM, window=part(0, 12)), lasts=12).references[0].fit is None
    assert ask(FILM, lasts=12).references[0].fit is None


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        (FILM, "{source: references/film.mp4, from: 0, to: 15}"),
        (SONG, "{source: references/song.wav, from: 0, to: 15}"),
        (replace(SONG, source="references/a, b.wav"), '{source: "references/a, b.wav", from: 0, to: 15}'),
        (OWN, "{shot: lamp/000, from: 0, to: 15}"),
        (replace(OWN, own=OwnTake("lamp/000", 2)), "{shot: lamp/000, take: 2, from: 0, to: 15}"),
    ],
)
def test_longer_than_the_vendor_takes_is_an_error_with_a_line_to_copy(sent: Reference, line: str) -> None:
    """With the file's length and the vendor's longest; the first fifteen seconds are no longer meant in silence."""
    told = refusal(sent, lasts="40.5")
    assert f"{sent.source} lasts 40.5 s, and at most 15 s are taken. Say which part is meant: `{line}`" in told


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (part(30), "lasts 30 s, and the part that is meant (from: 30) is not in it"),
        (part(0, 31), "(from: 0, to: 31) is not in it"),
        (part(-31), "(from: -31) is not in it"),
        (part(20, -15), "(from: 20, to: -15) is empty: it begins at 20 s and ends at 15 s"),
        (part(1, "1.5"), "the part of references/film.mp4 that is meant, 1 to 1.5 s, is 0.5 s long, and at least 2 s"),
        (part(1, 17), "is 16 s long, and at most 15 s are taken"),
    ],
)
def test_a_part_that_is_none_is_refused(window: Window, words: str) -> None:
    """Beyond the file, empty, too short or too long: each with what it says and what to write."""
    limits = {**model().media, MediaKind.VIDEO: replace(model().media[MediaKind.VIDEO], min_s=Decimal(2))}
    assert words in refusal(replace(FILM, window=window), offer=vendor(media=limits))


def test_limits_in_sum_and_prices_count_the_parts() -> None:
    """Three films of half a minute, of which five seconds each are meant, are fifteen seconds."""
    films = [replace(FILM, source=f"references/{name}.mp4", window=part(-5)) for name in "abc"]
    request = ask(*films, offer=vendor(rates={"720p": BILLED}))
    assert [each.token for each in request.references] == ["@video1", "@video2", "@video3"]
    assert request.estimated_usd == Decimal("0.1") * (15 + 4)
    longer = ask(replace(films[0], window=part(-6)), *films[1:])
    assert [each.why for each in longer.dropped] == ["the video references together would be longer than 15 s"]


def test_a_link_that_nobody_fetched_counts_with_what_is_written() -> None:
    """What cannot be said without its length is said once it is fetched."""
    link = replace(FILM, source="https://films.example/a.mp4")
    billed = vendor(rates={"720p": BILLED})

    def asked(window: Window) -> Request:
        return bind(
            shot(references=(replace(link, window=window),)),
            billed,
            series="s",
            wish="w",
            master=MASTER,
            references={},
        )

    assert asked(part(-5)).estimated_usd == Decimal("0.1") * (5 + 4)
    assert asked(part(3)).estimated_usd == Decimal("0.1") * (15 + 4)
    with pytest.raises(CannotBind, match="lasts 16 s, and at most 15 s are taken"):
        asked(part(1, 17))


def test_of_an_own_clip_what_the_cut_uses_is_sent() -> None:
    """From its beginning; a part that is written says otherwise, and counts its end from the cut's."""
    own = replace(OWN, used_s=Decimal("2.5"))
    assert ask(own, lasts=4).references[0].fit == "video:mp4:0-2.5s"
    assert ask(own, lasts="2.5").references[0].fit is None
    assert ask(replace(own, window=part(2, 4)), lasts=4).references[0].fit == "video:mp4:2-4s"
    assert ask(replace(own, window=part(-1)), lasts=4).references[0].fit == "video:mp4:1.5-2.5s"
    limits = {**model().media, MediaKind.VIDEO: replace(model().media[MediaKind.VIDEO], min_s=Decimal(2))}
    told = refusal(replace(own, used_s=Decimal(1)), lasts=4, offer=vendor(media=limits))
    assert "1 s of lamp/000 would be sent, and at least 2 s are asked for" in told
    assert "`{shot: lamp/000, from: 0, to: 2}`" in told


def test_whole_frames_never_pass_the_longest_and_are_counted_for_the_shortest() -> None:
    """Two seconds that begin within a frame hold one frame less than two seconds."""
    limits = MediaLimits(count=3, formats=("mp4",), min_s=Decimal(2), max_s=Decimal(15))
    offer = vendor(media={MediaKind.VIDEO: limits})
    late = replace(FILM, window=part("0.01", "2.01"))
    assert "is 1.958 s long, and at least 2 s" in refusal(late, offer=offer, fps=Fraction(24))
    for seconds in (2, 15):
        request = ask(replace(FILM, window=part(0, seconds)), offer=offer, fps=Fraction(24000, 1001))
        assert request.references[0].fit == f"video:mp4:0-{seconds}s"


@pytest.mark.parametrize(("end", "format_"), [(14, "mp3"), (15, "wav")])
def test_a_part_as_long_as_the_longest_is_not_padded_beyond_it(end: int, format_: str) -> None:
    """An MP3 is longer than its sound; where that could pass the limit, WAV is sent."""
    limits = MediaLimits(count=3, formats=("mp3", "wav"), max_s=Decimal(15))
    known = facts(SONG, format="mp3", duration_s=Decimal(40))
    assert str(fit_for(known, limits, part(0, end))) == f"audio:{format_}:0-{end}s"


def test_a_part_of_a_heavy_song_is_as_heavy_as_it_is_long() -> None:
    """Ten minutes of WAV are too heavy for a vendor, and ten seconds of them are not."""
    limits = MediaLimits(count=3, formats=("mp3", "wav"), max_s=Decimal(15), max_bytes=15_000_000)
    known = facts(SONG, format="wav", duration_s=Decimal(600), bytes=105_840_000)
    assert str(fit_for(known, limits, part(590, 600))) == "audio:wav:590-600s"


@given(
    st.decimals(-50, 50, places=2),
    st.none() | st.decimals(-50, 50, places=2),
    st.decimals("0.5", 40, places=2),
)
def test_what_is_sent_lies_in_the_file(begin: Decimal, end: Decimal | None, lasts: Decimal) -> None:
    """Whatever is written, it is a part of the file that is sent, as long as was asked for, or an error."""
    written = Window(begin, end)
    known = facts(FILM, duration_s=lasts, fps=None)
    try:
        sent = window_of(replace(FILM, window=written), known, MediaLimits(count=3, formats=("mp4",)))
    except CannotFit:
        return
    if sent is None:
        assert written.within(lasts) == Window(Decimal(0), lasts)
        return
    assert sent.end_s is not None
    assert 0 <= sent.start_s < sent.end_s <= lasts
    assert written.length_s in {None, sent.length_s}


def test_a_tail_clip_that_whole_frames_make_longer_keeps_its_end() -> None:
    """It is the end that is continued; one that is too long by more than a frame is refused with what to write."""
    one = shot(after="lamp/000", mode=ContinuityMode.TAIL_CLIP)

    def asked(lasts: str) -> Request:
        tail = ContinuityInput(kind=MediaKind.VIDEO, source="lamp/000", duration_s=Decimal(lasts))
        return bind(one, vendor(), series="s", wish="w", master=MASTER, references={}, continuity=tail)

    assert asked("15.015").references[0].fit == "video:mp4:0.015-15.015s"
    with pytest.raises(CannotBind, match=r"20 s of lamp/000 would be sent.*Write `tail_clip_s: 15`"):
        asked("20")

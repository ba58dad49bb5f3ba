"""A shot that is made to a song is sent exactly its seconds of it, or cannot be made by that vendor."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from storyboard.bind.fits import parse_fit
from storyboard.capabilities import Capabilities
from storyboard.identity import wish
from storyboard.request import Request
from storyboard.shot import ContinuityMode, MediaKind, Reference, Role, Shot, Use, Window
from tests.storyboard.bind.asking import ALL_MEDIA, TAIL, ask, limited, refusal
from tests.storyboard.stories import facts, naming, reference, shot, vendor

VOICE = reference("mara", kind=MediaKind.AUDIO, source="references/mara.wav")


def song(start: str = "10", end: str = "15", **changes: Any) -> Reference:
    """Some seconds of a song that a shot is made to."""
    window = Window(Decimal(start), Decimal(end))
    made = Reference(
        kind=MediaKind.AUDIO,
        role=Role.EXTRA,
        name="music",
        label="music",
        source="references/music/song.mp3",
        required=True,
        window=window,
        use=Use.MUSIC,
        song=True,
    )
    return replace(made, **changes)


def sung(*others: Reference, **changes: Any) -> Shot:
    """A shot of five seconds that is made to a song, with a picture and whatever else it sends."""
    own = changes.pop("song", song())
    return shot(references=(reference("mara"), *others, own), duration_s=Decimal(5), **changes)


def bound(one: Shot, capabilities: Capabilities | None = None, **options: Any) -> Request:
    """The same with a song of two minutes."""
    return ask(one, capabilities, references=known(one), **options)


def known(one: Shot) -> dict[str, Any]:
    """What is known of all that it sends."""
    return {
        each.source: facts(each, duration_s=Decimal(120) if each.song else Decimal(4), bytes=5_000_000)
        for each in one.references
    }


def refused(one: Shot, capabilities: Capabilities | None = None, **options: Any) -> str:
    """What is said where such a shot cannot be made."""
    return refusal(one, capabilities, references=known(one), **options)


def test_its_seconds_are_sent_as_the_cut_has_them() -> None:
    """Without loss where that is taken and light enough; the prompt says that the picture is made to them."""
    request = bound(sung())
    (sent,) = [each for each in request.references if each.kind is MediaKind.AUDIO]
    assert (sent.token, sent.fit) == ("@audio1", "audio:wav:10-15s:cut")
    assert "Made to the music of @audio1; cuts and movement follow its beat." in request.prompt
    named = sung(song=song(name="tune", label="the tune", called=True), prompt=naming("mara", "tune"))
    told = bound(named).prompt
    assert told.startswith("Mara (@image1) and Tune.")
    assert "Made to the music of the tune (@audio1); cuts and movement follow its beat." in told
    assert str(parse_fit(sent.fit or "")) == sent.fit
    for offer, fit in (
        (limited(MediaKind.AUDIO, max_bytes=900_000), "audio:mp3:10-15s:900000bytes:cut"),
        (limited(MediaKind.AUDIO, formats=("mp3",)), "audio:mp3:10-15s:cut"),
    ):
        assert [each.fit for each in bound(sung(), offer).references if each.kind is MediaKind.AUDIO] == [fit]
        assert str(parse_fit(fit)) == fit


def test_a_song_that_lies_whole_under_its_shot_goes_as_it_is() -> None:
    """There is nothing to cut of it."""
    request = bound(sung(song=song("0", "120")), limited(MediaKind.AUDIO, total_s=None))
    assert [each.fit for each in request.references if each.kind is MediaKind.AUDIO] == [None]


def test_other_sounds_give_way_to_it() -> None:
    """It is never left out, though it is written last and a voice stands before it in priority."""
    one = sung(VOICE, reference("tomas", kind=MediaKind.AUDIO, source="references/tomas.wav"))
    request = bound(one, limited(MediaKind.AUDIO, count=2))
    assert [(each.token, each.name) for each in request.references if each.kind is MediaKind.AUDIO] == [
        ("@audio1", "music"),
        ("@audio2", "mara"),
    ]
    assert [each.name for each in request.dropped] == ["tomas"]
    long = bound(sung(VOICE, song=song("10", "22")), limited(MediaKind.AUDIO, total_s=Decimal(15)))
    assert [each.name for each in long.dropped] == ["mara"]


@pytest.mark.parametrize(
    ("one", "offer", "message"),
    [
        (
            sung(song=song("10", "11.5")),
            limited(MediaKind.AUDIO, min_s=Decimal(2)),
            "it is made to 10 to 11.5 s of references/music/song.mp3, and at least 2 s of sound are asked for. "
            "Make the shot at least 2 s long, write `sync: false` under that music, or choose another vendor",
        ),
        (
            sung(song=song("10", "26")),
            limited(MediaKind.AUDIO, max_s=Decimal(15)),
            "at most 15 s of sound are taken. Split the shot into some of at most 15 s, write `sync: false`",
        ),
        (
            sung(song=song("118", "123")),
            limited(MediaKind.AUDIO),
            "is not in it. Give a longer song, write `sync: false` under that music, or choose another vendor",
        ),
        (
            sung(),
            vendor(uses={Use.VOICE: frozenset({MediaKind.AUDIO})}),
            "acme-1 takes no audio reference for `use: music`. Choose another model, write `sync: false`",
        ),
        (
            sung(),
            limited(MediaKind.AUDIO, count=0),
            "acme takes no audio references with acme-1. Take away other references, write `sync: false`",
        ),
        (
            sung(),
            vendor(media={MediaKind.IMAGE: ALL_MEDIA[MediaKind.IMAGE]}),
            "acme takes no audio references with acme-1",
        ),
        (
            replace(sung(), references=(song(),)),
            vendor(sound_needs_picture=True),
            "acme-1 takes no sound without an image or video. Add a picture to the shot, its style or its location, "
            "write `sync: false`",
        ),
    ],
)
def test_what_a_vendor_does_not_take_is_refused_with_a_remedy(one: Shot, offer: Capabilities, message: str) -> None:
    """Too short, too long, no sounds at all, none without a picture: never cut shorter, and never left out."""
    assert message in refused(one, offer)


def test_a_literal_first_frame_does_not_give_it_up() -> None:
    """The vendors take no reference beside one; what may be done is said."""
    one = sung(after="lamp/000", mode=ContinuityMode.FIRST_FRAME)
    told = refused(one, continuity=TAIL)
    assert "a literal first frame is not taken together with references. Write `continuity: tail_frame`" in told


def test_the_wish_holds_the_seconds_and_the_songs_content() -> None:
    """Other seconds and another song are another wish, where the song is found is none; no other wish holds any."""
    one = sung()
    plain = wish(one, known(one))
    assert wish(sung(song=song("10.0", "15.00")), known(one)) == plain
    assert wish(sung(song=song("10.5", "15.5")), known(one)) != plain
    other = {source: replace(each, sha256="0" * 64) for source, each in known(one).items()}
    assert wish(one, other) != plain
    moved = sung(song=song(source="elsewhere.mp3"))
    facts_of_moved = {**known(moved), "elsewhere.mp3": known(one)["references/music/song.mp3"]}
    assert wish(moved, facts_of_moved) == plain

"""A shot is asked of a vendor exactly as it is written, or not at all."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.bind.binding import bought_length
from storyboard.capabilities import Lengths, MediaLimits, Rate
from storyboard.errors import CannotBind
from storyboard.request import FrameId, Mode
from storyboard.shot import Continuity, ContinuityMode, MediaKind, Role, Window
from tests.storyboard.bind.asking import ALL_MEDIA, EVERYTHING, IMAGES, TAIL, ask, limited, refusal
from tests.storyboard.stories import MASTER, facts, model, naming, reference, shot, vendor


def test_references_are_numbered_by_kind_in_order_of_priority() -> None:
    """Continuity first, then cast in order of naming, props, location, style, extras; each kind has its own numbers."""
    voice = reference("mara", kind=MediaKind.AUDIO, source="references/mara.mp3")
    one = shot(after="lamp/000", prompt=naming("mara", "tomas"), references=(*EVERYTHING, voice))
    request = ask(one, continuity=TAIL)
    assert [(each.token, each.name) for each in request.references] == [
        ("@image1", "lamp/000"),
        ("@image2", "mara"),
        ("@image3", "tomas"),
        ("@audio1", "mara"),
        ("@image4", "logbook"),
        ("@image5", "lamp_room"),
        ("@image6", "gouache"),
        ("@image7", "sea"),
    ]
    assert request.references[0].frame == FrameId("clip", 71)
    assert "Mara (@image2, sounding like @audio1) and Tomas (@image3)" in request.prompt


def test_nothing_is_left_to_a_vendors_default() -> None:
    """Length, size, ratio, sound and seed are all in the request, as written."""
    request = ask(shot(resolution="480p", audio=False, seed=7, duration_s=Decimal("4.5")), variation=2)
    assert (request.billed_s, request.duration_s) == (5, Decimal("4.5"))
    assert (request.resolution, request.aspect_ratio, request.audio, request.seed) == ("480p", "16:9", False, 7)
    assert (request.width, request.height, request.fps) == (864, 496, Fraction(24))
    assert (request.shot, request.account, request.variation) == ("e01/lamp/010", "acme", 2)


def test_the_lowest_fall_away_where_a_vendor_takes_fewer() -> None:
    """With room for three images the style and all below the location are left out, and it is said why."""
    request = ask(shot(references=EVERYTHING), limited(count=4))
    assert [each.name for each in request.references] == ["mara", "tomas", "logbook", "lamp_room"]
    assert [(each.name, each.why) for each in request.dropped] == [
        ("gouache", "acme takes at most 4 image references with acme-1"),
        ("sea", "acme takes at most 4 image references with acme-1"),
    ]
    assert "@image5" not in request.prompt
    in_all = ask(shot(references=EVERYTHING), vendor(references_in_all=5))
    assert [each.why for each in in_all.dropped] == ["acme takes at most 5 references in all with acme-1"]


def test_a_required_reference_never_falls_away() -> None:
    """Where it would, the vendor cannot make the shot."""
    needed = (*EVERYTHING[:1], replace(EVERYTHING[1], required=True), *EVERYTHING[2:])
    assert "references/gouache.png is required, and acme takes at most 4 image" in refusal(
        shot(references=needed), limited(count=4)
    )


def test_a_kind_that_is_not_taken_falls_away() -> None:
    """A vendor without sound references gets none."""
    voice = reference("mara", kind=MediaKind.AUDIO, source="references/mara.mp3")
    request = ask(shot(references=(voice,)), vendor(media={IMAGES: ALL_MEDIA[IMAGES]}))
    assert [each.why for each in request.dropped] == ["acme takes no audio references with acme-1"]


def test_continuity_is_never_dropped() -> None:
    """A vendor that cannot take the frame cannot make the shot."""
    assert "it continues lamp/000, and acme takes no video references" in refusal(
        shot(after="lamp/000", mode=ContinuityMode.TAIL_CLIP),
        vendor(media={IMAGES: ALL_MEDIA[IMAGES]}),
        continuity=replace(TAIL, kind=MediaKind.VIDEO),
    )


def test_references_that_are_too_long_together_fall_away() -> None:
    """Two clips of ten seconds do not fit into fifteen; the second is left out."""
    clips = tuple(reference(name, Role.EXTRA, f"references/{name}.mp4", kind=MediaKind.VIDEO) for name in "ab")
    known = {each.source: facts(each, duration_s=Decimal(10)) for each in clips}
    request = ask(shot(references=clips), references=known)
    assert [each.token for each in request.references] == ["@video1"]
    assert request.dropped[0].why == "the video references together would be longer than 15 s"


@pytest.mark.parametrize(
    ("limits", "known", "fit"),
    [
        ({}, {}, None),
        ({"formats": ("jpeg",)}, {}, "image:jpeg"),
        ({"max_side": 640}, {}, "image:png:640x360"),
        ({"max_side": 640, "max_bytes": 500_000}, {}, "image:png:640x360:500000bytes"),
        ({"max_pixels": 500_000}, {}, "image:png:942x530"),
        ({"min_side": 1000}, {}, "image:png:1778x1002"),
        ({"max_bytes": 5_000}, {}, "image:jpeg:5000bytes"),
        ({"formats": ("png",), "max_bytes": 5_000}, {}, "image:png:5000bytes"),
    ],
)
def test_pictures_are_made_to_fit(limits: dict[str, Any], known: dict[str, Any], fit: str | None) -> None:
    """Another format, size or weight gets a fit, named for all that it does; what fits is sent as it is."""
    mara = reference("mara")
    request = ask(shot(references=(mara,)), limited(**limits), references={mara.source: facts(mara, **known)})
    assert request.references[0].fit == fit
    assert bool(request.notes and "is sent as" in request.notes[-1]) == (fit is not None)


def test_clips_are_made_to_fit() -> None:
    """A clip is cut to the part that is meant, brought to the rate and size, and to a container that is taken."""
    window = Window(end_s=Decimal(15))
    waves = reference("waves", Role.EXTRA, "references/waves.mov", kind=MediaKind.VIDEO, window=window)
    limits = {"max_pixels": 927_408, "min_fps": Fraction(24), "max_fps": Fraction(60)}
    known = facts(
        waves, format="mov", width=1920, height=1080, duration_s=Decimal("21.5"), fps=Fraction(120), bytes=9_000_000
    )
    request = ask(shot(references=(waves,)), limited(MediaKind.VIDEO, **limits), references={waves.source: known})
    assert request.references[0].fit == "video:mp4:1284x722:60fps:0-15s"


@pytest.mark.parametrize(
    ("limits", "known", "message"),
    [
        ({"min_side": 3000}, {}, r"mara.png is 1280x720, and the vendor takes 3000 to any number of pixels a side"),
        ({"min_side": 700, "max_side": 800}, {}, "Give a picture of another size"),
        ({"max_ratio": Fraction(3, 2)}, {}, r"1280x720: wider than the vendor takes .*Crop it"),
        ({"min_ratio": Fraction(2)}, {}, r"1280x720: narrower than the vendor takes"),
        ({}, {"kind": MediaKind.VIDEO}, "is named as image and holds video"),
    ],
)
def test_pictures_that_cannot_fit_are_refused(limits: dict[str, Any], known: dict[str, Any], message: str) -> None:
    """Nothing is cropped, invented or passed off as something else."""
    mara = reference("mara")
    with pytest.raises(CannotBind, match=message):
        ask(shot(references=(mara,)), limited(**limits), references={mara.source: facts(mara, **known)})


def test_a_clip_that_is_too_short_is_refused() -> None:
    """Nothing is slowed down or looped to make it longer."""
    waves = reference("waves", Role.EXTRA, "references/waves.mp4", kind=MediaKind.VIDEO)
    known = {waves.source: facts(waves, duration_s=Decimal(1))}
    assert "is 1 s long, and at least 2 s are asked for" in refusal(
        shot(references=(waves,)), limited(MediaKind.VIDEO, min_s=Decimal(2)), references=known
    )


def test_a_file_that_nobody_read_is_not_sent_blindly() -> None:
    """A missing file is an error; a link that is fetched later is sent, and a note says so."""
    assert "references/mara.png was not read" in refusal(shot(references=(reference("mara"),)), references={})
    link = reference("mara", source="https://pictures.example/mara.png")
    request = ask(shot(references=(link,)), references={})
    assert request.references[0].sha256 is None
    assert "is not fetched yet; produce fetches it before anything is paid" in request.notes[-1]


@pytest.mark.parametrize(("seconds", "billed"), [("1.5", 4), ("4", 4), ("4.01", 5), ("7.25", 8), ("15", 15)], ids=str)
def test_the_shortest_length_that_is_long_enough_is_bought(seconds: str, billed: int) -> None:
    """And where it is longer than the shot, the prompt and the notes say so."""
    request = ask(shot(duration_s=Decimal(seconds)))
    assert request.billed_s == billed
    longer = billed != Decimal(seconds)
    assert ("The action completes within" in request.prompt) == longer
    assert (f"bought {billed} s, used {seconds} s" in request.notes) == longer


@given(st.decimals("0.1", 40, places=2), st.integers(1, 8), st.integers(1, 30), st.sampled_from([None, 1, 2, "0.5"]))
def test_a_bought_length_is_sold_and_the_shortest(duration: Decimal, least: int, more: int, step: Any) -> None:
    """It is on the vendor's list, not shorter than the shot, and one step less would be."""
    lengths = Lengths(min_s=Decimal(least), max_s=Decimal(least + more), step_s=None if step is None else Decimal(step))
    bought = bought_length(duration, lengths)
    if bought is None:
        assert duration > lengths.max_s - (lengths.step_s or 0)
        return
    assert max(duration, lengths.min_s) <= bought <= lengths.max_s
    if lengths.step_s is None:
        assert bought == max(duration, lengths.min_s)
    else:
        assert (bought - lengths.min_s) % lengths.step_s == 0
        assert bought == lengths.min_s or bought - lengths.step_s < duration


def test_a_shot_longer_than_the_longest_is_told_how_to_split() -> None:
    """Twenty seconds at a vendor of fifteen are two shots of ten."""
    assert "Split it into 2 shots of 10 s" in refusal(shot(duration_s=Decimal(20)))
    assert "Split it into 3 shots of 10.17 s" in refusal(shot(duration_s=Decimal("30.5")))


def test_auto_is_reserved_at_the_longest() -> None:
    """Where the vendor chooses a length, the dearest is reserved; where it does not, the shot needs one."""
    lengths = replace(model().lengths, auto=True)
    request = ask(shot(duration_s=None), vendor(lengths=lengths))
    assert (request.duration_s, request.billed_s, request.estimated_usd) == (None, 15, Decimal("3.00"))
    assert "The action completes" not in request.prompt
    assert "Write a duration of 4 to 15 seconds" in refusal(shot(duration_s=None))


def test_a_shape_left_to_the_vendor_is_hoped_to_be_the_masters() -> None:
    """`auto` is sold only where the vendor has a word for it; the plan says what that means for the cut."""
    request = ask(shot(aspect_ratio="auto", resolution="480p"), vendor(aspect_ratios=("16:9", "auto")))
    assert (request.aspect_ratio, request.width, request.height) == ("auto", 854, 480)
    assert any("chooses the shape" in note for note in request.notes)
    assert "does not sell auto. Valid values are: 16:9, 9:16, 1:1" in refusal(shot(aspect_ratio="auto"))


@pytest.mark.parametrize(
    ("changes", "offer", "message"),
    [
        ({"resolution": "1080p"}, {}, "acme-1 does not sell 1080p. Valid values are: 480p, 720p"),
        ({"aspect_ratio": "21:9"}, {}, "does not sell 21:9. Valid values are: 16:9, 9:16, 1:1"),
        ({"seed": 1}, {"seed": False}, "takes no seed. Remove `seed`"),
        ({"audio": False}, {"audio_switch": False}, "always makes sound. Write `audio: true`"),
        ({"model": "acme-2"}, {}, "no model 'acme-2'. Did you mean 'acme-1'? Valid values are: acme-1"),
        ({}, {"needs_visual_reference": True}, "needs at least one image or video"),
        (
            {"prompt": ("x" * 5000,), "duration_s": Decimal(4)},
            {},
            "its prompt has 5001 characters, and",
        ),
        ({"prompt": ("as in @IMAGE3",)}, {}, "its text says @IMAGE3"),
    ],
)
def test_what_is_not_sold_is_refused(changes: dict[str, Any], offer: dict[str, Any], message: str) -> None:
    """Nothing is clamped or substituted; the valid values are named."""
    assert message in refusal(shot(**changes), vendor(**offer))


def test_sound_alone_is_refused_where_it_needs_a_picture() -> None:
    """Some vendors take a sound reference only beside an image or video."""
    voice = reference("mara", kind=MediaKind.AUDIO, source="references/mara.mp3")
    one = shot(prompt=naming("mara"), references=(voice,))
    assert "takes no sound without an image" in refusal(one, vendor(sound_needs_picture=True))
    assert ask(one, vendor()).references[0].token == "@audio1"
    assert ask(replace(one, references=()), vendor(sound_needs_picture=True)).references == ()


def test_a_literal_first_frame_gives_up_the_references() -> None:
    """It is asked of the model for it, alone, and the plan can say what is given up."""
    one = shot(after="lamp/000", mode=ContinuityMode.FIRST_FRAME, prompt=naming("mara"), references=EVERYTHING)
    request = ask(one, continuity=TAIL)
    assert (request.mode, request.model) == (Mode.FIRST_FRAME, "acme-1-i2v")
    assert [(each.token, each.frame) for each in request.references] == [("", FrameId("clip", 71))]
    assert {each.name for each in request.dropped} == {each.name for each in EVERYTHING}
    assert any("gives up the references of" in note for note in request.notes)
    assert "@image" not in request.prompt
    assert "has no" not in request.prompt


def test_a_literal_first_frame_needs_a_model_for_it() -> None:
    """A vendor without one is told apart from one that has."""
    one = shot(after="lamp/000", mode=ContinuityMode.FIRST_FRAME)
    lacking = replace(vendor(first_frame_model=None), first_frame_vendors=("kinovi",))
    told = refusal(one, lacking, continuity=TAIL)
    assert "Write `continuity: tail_frame`" in told
    assert told.endswith("another vendor (kinovi)")


def test_a_first_frame_model_that_is_listed_has_its_own_limits() -> None:
    """What it sells and costs is its own."""
    literal = model("acme-1-i2v", rates={"720p": Rate(usd_per_second=Decimal(1))})
    one = shot(after="lamp/000", mode=ContinuityMode.FIRST_FRAME)
    offer = vendor()
    both = replace(offer, models={**offer.models, literal.name: literal})
    assert ask(one, both, continuity=TAIL).estimated_usd == 4


def test_a_shot_whose_predecessor_is_given_up_keeps_its_references() -> None:
    """Without a frame to begin on it is an ordinary shot, in whatever mode it was written."""
    one = shot(after="lamp/000", mode=ContinuityMode.FIRST_FRAME, references=EVERYTHING)
    request = ask(one, continuity=None)
    assert (request.mode, len(request.references)) == (Mode.REFERENCE, len(EVERYTHING))
    assert "Begin" not in request.prompt


def test_a_re_anchor_is_told() -> None:
    """The plan says that the chain has reached its longest and what is sent instead."""
    one = shot(continuity=Continuity(ContinuityMode.TAIL_FRAME, "lamp/000", reanchor=True, predecessor="lamp/040"))
    assert any("begins on the first frame of lamp/000, its head" in note for note in ask(one, continuity=TAIL).notes)


def test_a_model_without_sizes_draws_to_order() -> None:
    """It is asked for the master's own format; one with sizes is taken at its word, and bars or crops are foretold."""
    drawn = ask(shot(aspect_ratio="9:16"), vendor(frame_sizes={}))
    assert (drawn.width, drawn.height, drawn.fps) == (1280, 720, MASTER.fps)
    tall = ask(shot(aspect_ratio="9:16"))
    assert (tall.width, tall.height) == (720, 1280)
    assert "the clip gets bars in the cut" in tall.notes
    assert "the clip is cropped to the master" in ask(shot(resolution="480p")).notes


def test_the_slate_carries_what_an_animatic_burns_in() -> None:
    """Key, scene, line, camera, and the seconds of the beats."""
    slate = ask(shot(scene_title="The lamp room", camera=("slow push in",))).slate
    assert slate == {"key": "lamp/010", "title": "The lamp room", "line": "", "camera": "slow push in", "beats": "[]"}


def test_limits_of_a_kind_are_those_of_the_model() -> None:
    """MediaLimits without any bound accept every file as it is."""
    free = MediaLimits(count=9, formats=("png",))
    assert ask(shot(references=EVERYTHING), vendor(media={IMAGES: free})).references[0].fit is None

"""Templates are read and never run; final prompts name each reference exactly once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storyboard.bind.composer import Sent, compose, tokens_in
from storyboard.bind.prompt_template import BadTemplate, mentions, render
from storyboard.bind.wordings import plain
from storyboard.request import Mode
from storyboard.shot import Beat, Continuity, ContinuityMode, Description, Line, MediaKind, Mention, Role, Shot
from tests.storyboard.stories import naming, reference, shot

NAMES = {"mara": "Mara", "mara.storm": "Mara", "tomas": "Tomas", "lamp_room": "the lamp room"}
TOKENS = {MediaKind.IMAGE: "@image{n}", MediaKind.VIDEO: "@video{n}", MediaKind.AUDIO: "@audio{n}"}


def complaint(template: str) -> str:
    """What is said of a template that cannot be used."""
    with pytest.raises(BadTemplate) as caught:
        render(template, NAMES)
    return str(caught.value)


def test_names_become_mentions() -> None:
    """Text stays text, and what is called keeps the name that it was called by."""
    wording = render("{{ mara.storm }} meets {{tomas}} {# at last #}in {{ lamp_room }}.", NAMES)
    assert wording == (
        Mention("mara.storm", "Mara"),
        " meets ",
        Mention("tomas", "Tomas"),
        " in ",
        Mention("lamp_room", "the lamp room"),
        ".",
    )
    assert list(mentions(wording)) == ["mara.storm", "tomas", "lamp_room"]
    assert plain(wording) == "Mara meets Tomas in the lamp room."


def test_wrapping_is_no_change() -> None:
    """However its YAML is wrapped, a prompt reads the same."""
    assert render("  {{ mara }}\n   waits,\n\n alone ", NAMES) == render("{{ mara }} waits, alone", NAMES)


@pytest.mark.parametrize("template", ["", "   ", "{# nothing #}"])
def test_nothing_is_nothing(template: str) -> None:
    """A template without words is an empty wording."""
    assert render(template, NAMES) == ()


def test_a_wrong_name_is_told_with_the_right_one() -> None:
    """Unknown names and unknown looks come with the nearest known one, all of them at once."""
    assert "'tomaz' is no cast member, look, location or prop; did you mean 'tomas'?" in complaint("{{ tomaz }}")
    assert "'mara' has no look 'strom'; did you mean 'mara.storm'?" in complaint("{{ mara.strom }}")
    assert "'tomas' has no look 'storm'. It has none" in complaint("{{ tomas.storm }}")
    with pytest.raises(BadTemplate) as caught:
        render("{{ tomaz }} and {{ tomaz }} and {{ marra }}", NAMES)
    found = [(finding.text, finding.nth, finding.offset) for finding in caught.value.findings]
    assert found == [("{{ tomaz }}", 0, 3), ("{{ tomaz }}", 1, 3), ("{{ marra }}", 0, 3)]


def test_what_nothing_is_like_is_answered_with_a_list() -> None:
    """Where no name is near, the valid ones are listed."""
    assert "Valid names are: lamp_room, mara, mara.storm, tomas" in complaint("{{ zzzz }}")


@pytest.mark.parametrize(
    "template",
    [
        "{{ mara.__class__.__mro__ }}",
        "{{ mara['storm'] }}",
        "{{ mara|upper }}",
        "{{ mara.storm() }}",
        "{{ range(10 ** 9) }}",
        "{{ 'a' * 10 ** 9 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ self }}",
        "{{ mara or tomas }}",
        "{{ mara if tomas }}",
        "{{ mara ~ tomas }}",
        "{% for n in range(10 ** 9) %}x{% endfor %}",
        "{% set x = 1 %}",
        "{% include 'series.yaml' %}",
        "{% raw %}{{ mara }}",
        "{% if mara %}x{% endif %}",
        "{{ mara",
        "{{ }}",
        "{{ mara }} }} {{",
        "{{" + "(" * 3000 + "mara" + ")" * 3000 + "}}",
        "{{ " + "-" * 3000 + "1 }}",
    ],
)
def test_templates_that_do_more_are_refused(template: str) -> None:
    """Loops, calls, filters, reaching into things and syntax that does not parse are refused, and nothing is run."""
    assert complaint(template)


@given(st.text(max_size=200) | st.text(alphabet="{}%# mar.a|()\n", max_size=80))
@example("{{ mara }}{{")
@example("{%- mara -%}")
def test_no_template_gets_further_than_a_wording_or_a_complaint(template: str) -> None:
    """Whatever is written there, the outcome is a wording no longer than the template allows, or a BadTemplate."""
    try:
        wording, said = render(template, NAMES), "nothing to say"
    except BadTemplate as bad:
        wording, said = bad.wording, str(bad)
    assert said
    assert len(plain(wording)) <= len(template) + 20 * template.count("{{")


# The composer


def composed(shot: Shot, *sent: Sent, opening: str | None = None, billed: str = "3", literal: bool = False) -> str:
    """The final prompt of a shot with these references."""
    mode = Mode.FIRST_FRAME if literal else Mode.REFERENCE
    return compose(shot, sent, opening=opening, mode=mode, billed_s=Decimal(billed))


def test_the_whole_order() -> None:
    """Opening, prompt, beats, dialogue, camera, sound, length, bible, style, extras: always in this order."""
    full = shot(
        after="lamp/000",
        duration_s=Decimal("2.5"),
        prompt=(Mention("mara", "Mara"), " lights the lamp"),
        beats=(Beat(Decimal(0), ("a match flares",)), Beat(Decimal("1.25"), (Mention("mara", "Mara"), " turns"))),
        dialogue=(Line("tomas", "Tomas", "One more winter."),),
        camera=("slow push in",),
        sound=("wind under the door",),
        descriptions=(
            Description(role=Role.CAST, name="mara", label="Mara", text="keeper of the lamp, forty"),
            Description(role=Role.LOCATION, name="lamp_room", label="the lamp room", text="round, whitewashed"),
            Description(role=Role.STYLE, name="gouache", label="gouache", text="thick gouache"),
        ),
    )
    sent = (
        Sent("@image2", reference("mara")),
        Sent("@image3", reference("mara", source="references/mara-back.png", note="from behind")),
        Sent("@audio1", reference("tomas", source="references/tomas.mp3", kind=MediaKind.AUDIO)),
        Sent("@image4", reference("lamp_room", Role.LOCATION, label="the lamp room")),
        Sent("@image5", reference("gouache", Role.STYLE)),
        Sent("@image6", reference("sea", Role.EXTRA, note="match the colour of the sea")),
        Sent("@video1", reference("waves", Role.EXTRA, kind=MediaKind.VIDEO)),
    )
    assert composed(full, *sent, opening="@image1", billed="4").splitlines() == [
        "Begin exactly on @image1, the last frame of the shot before.",
        "Mara (@image2, @image3: from behind) lights the lamp.",
        "From 0.0 s: a match flares.",
        "From 1.25 s: Mara turns.",
        'Tomas (sounding like @audio1) says: "One more winter."',
        "Camera: slow push in.",
        "Sound: wind under the door.",
        "The action completes within 2.5 seconds.",
        "Mara: keeper of the lamp, forty.",
        "Set in the lamp room (@image4): round, whitewashed.",
        "Style of @image5: thick gouache.",
        "Also use @image6: match the colour of the sea.",
        "Follow the movement of @video1.",
    ]


def test_a_bare_shot_is_its_prompt() -> None:
    """Without anything else the prompt is sent as it is, with a full stop."""
    assert composed(shot(prompt=("a lamp",))) == "a lamp."


def test_sound_that_is_not_bought_is_not_asked_for() -> None:
    """With audio off, what would be heard stays out of the prompt."""
    assert "wind" not in composed(shot(sound=("wind",), audio=False))


def test_every_beginning_says_what_it_is() -> None:
    """Each way of continuing has a sentence of its own; only a literal first frame needs no token."""

    def opening(mode: ContinuityMode, *, reanchor: bool = False, token: str = "@image1") -> str:
        continued = shot(continuity=Continuity(mode, "lamp/000", reanchor=reanchor))
        literal = mode is ContinuityMode.FIRST_FRAME
        return composed(continued, opening="" if literal else token, literal=literal).splitlines()[0]

    assert opening(ContinuityMode.TAIL_CLIP, token="@video1") == (
        "Go on without a break from @video1, the end of the shot before."
    )
    assert opening(ContinuityMode.TAIL_FRAME, reanchor=True) == (
        "Keep the people, place and light of @image1, the first frame of this sequence."
    )
    assert opening(ContinuityMode.FIRST_FRAME) == (
        "Begin exactly on the first frame given, the last frame of the shot before."
    )


def test_a_place_that_is_called_by_name_is_not_set_again() -> None:
    """Where the prompt itself names the place, its description follows and no second mention of its picture."""
    place = Description(role=Role.LOCATION, name="lamp_room", label="the lamp room", text="round")
    sent = Sent("@image1", reference("lamp_room", Role.LOCATION, label="the lamp room"))
    named = shot(prompt=naming("lamp_room"), descriptions=(place,))
    assert composed(named, sent).splitlines() == ["Lamp_Room (@image1).", "The lamp room: round."]
    unnamed = replace(named, prompt=("a door",), descriptions=(replace(place, text=""),))
    assert composed(unnamed, sent).splitlines() == ["a door.", "Set in the lamp room (@image1)."]


def test_a_literal_first_frame_leaves_no_token() -> None:
    """With the references given up, nothing in the prompt points at any of them."""
    text = composed(shot(prompt=naming("mara"), after="lamp/000"), opening="", literal=True)
    assert tokens_in(text, TOKENS) == []


def test_tokens_are_found_as_a_vendor_would() -> None:
    """Whatever the case, and wherever it stands."""
    assert tokens_in("See @Image1,@image12 and (@video3).", TOKENS) == ["@Image1", "@image12", "@video3"]
    assert tokens_in("image 2", {MediaKind.IMAGE: "image {n}"}) == ["image 2"]


def sound(name: str, number: int = 1, role: Role = Role.PROP, **keys: Any) -> Sent:
    """A sound of something, with its token."""
    source = f"references/{name}{number}.mp3"
    return Sent(f"@audio{number}", reference(name, role, source, label=f"the {name}", kind=MediaKind.AUDIO, **keys))


def moves(name: str, role: Role = Role.PROP) -> Sent:
    """A film of something, with its token."""
    source = f"references/{name}.mp4"
    return Sent("@video1", reference(name, role, source, label=f"the {name}", kind=MediaKind.VIDEO))


BELL = (Mention("bell", "the bell"), " rings")
SEEN = Sent("@image1", reference("bell", Role.PROP))
VOICES = sound("bell", role=Role.CAST), sound("bell", 2, Role.CAST)


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        ((sound("bell"),), "the bell (heard in @audio1) rings."),
        ((sound("bell"), sound("bell", 2)), "the bell (heard in @audio1 and @audio2) rings."),
        ((sound("bell", note="struck once"),), "the bell (heard in @audio1: struck once) rings."),
        ((SEEN, sound("bell")), "the bell (@image1, sounding like @audio1) rings."),
        ((moves("bell"), sound("bell")), "the bell (moving as in @video1, sounding like @audio1) rings."),
        ((sound("bell", role=Role.LOCATION),), "the bell (heard in @audio1) rings."),
        ((sound("bell", role=Role.CAST),), "the bell (sounding like @audio1) rings."),
        (VOICES, "the bell (sounding like @audio1 and @audio2) rings."),
        (
            (sound("bell", role=Role.CAST, note="young"), sound("bell", 2, Role.CAST, note="old")),
            "the bell (sounding like @audio1: young, sounding like @audio2: old) rings.",
        ),
    ],
)
def test_a_sound_reads_as_what_it_is_where_it_is_first_said(sent: tuple[Sent, ...], line: str) -> None:
    """What has sounds alone is heard; who speaks, or is seen as well, sounds like them."""
    assert composed(shot(prompt=BELL), *sent) == line


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        ((sound("bell"),), "The bell is heard in @audio1."),
        ((sound("bell"), sound("bell", 2)), "The bell is heard in @audio1 and @audio2."),
        ((sound("bell", role=Role.CAST),), "The bell sounds like @audio1."),
        ((moves("bell"),), "The bell moves as in @video1."),
        ((moves("bell"), sound("bell")), "The bell moves as in @video1 and sounds like @audio1."),
        ((SEEN, sound("bell")), "With Bell (@image1, sounding like @audio1)."),
    ],
)
def test_what_no_text_says_is_with_the_shot_only_where_it_is_seen(sent: tuple[Sent, ...], line: str) -> None:
    """A sound is heard and a movement moves: neither is "with" anybody."""
    assert composed(shot(prompt=("a tower",)), *sent).splitlines()[1:] == [line]


def test_a_sound_reads_well_in_every_other_sentence() -> None:
    """As the sound of the shot, as a description, and as the place where it is set."""
    horn = Description(role=Role.PROP, name="horn", label="the horn", text="low and far")
    shore = Description(role=Role.LOCATION, name="shore", label="the shore", text="black rocks")
    one = shot(prompt=("fog",), sound=(Mention("horn", "the horn"), ", twice"), descriptions=(horn, shore))
    heard = (sound("horn"), sound("shore", 2, Role.LOCATION))
    assert composed(one, *heard).splitlines()[1:] == [
        "Sound: the horn (heard in @audio1), twice.",
        "The horn: low and far.",
        "Set in the shore (heard in @audio2): black rocks.",
    ]
    assert composed(replace(one, audio=False), *heard).splitlines()[1:] == [
        "The horn (heard in @audio1): low and far.",
        "Set in the shore (heard in @audio2): black rocks.",
    ]


ROLES = st.sampled_from([Role.CAST, Role.PROP, Role.LOCATION, Role.STYLE, Role.EXTRA])
KINDS = st.sampled_from(list(MediaKind))
ONE = st.tuples(ROLES, KINDS, st.integers(0, 5), st.sampled_from([None, "a note"]))


@given(st.lists(ONE, max_size=12), st.lists(st.integers(0, 5), max_size=4), st.booleans(), st.booleans())
def test_tokens_and_references_match_one_to_one(
    wanted: list[tuple[Role, MediaKind, int, str | None]], called: list[int], described: bool, spoken: bool
) -> None:
    """Whatever is sent and whatever is called or not, every token stands in the prompt exactly once."""
    numbers = dict.fromkeys(MediaKind, 0)
    sent = []
    for role, kind, which, note in wanted:
        numbers[kind] += 1
        token = TOKENS[kind].replace("{n}", str(numbers[kind]))
        sent.append(Sent(token, reference(f"{role.value}{which}", role, f"{token}.x", kind=kind, note=note)))
    names = tuple(f"{role.value}{which}" for which in called for role in (Role.CAST, Role.LOCATION))
    things = {(each.reference.role, each.reference.name) for each in sent} if described else set()
    made = shot(
        prompt=naming(*names),
        dialogue=tuple(Line(name, name, "yes") for name in names if spoken),
        descriptions=tuple(
            Description(role=role, name=name, label=name, text="so and so") for role, name in sorted(things)
        ),
    )
    assert sorted(tokens_in(composed(made, *sent), TOKENS)) == sorted(each.token for each in sent)

"""What buys a shot again, and what must never."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.bind.binding import bind
from storyboard.bind.selection import ContinuityInput
from storyboard.errors import Position
from storyboard.identity import canonical, fingerprint, wish
from storyboard.request import FrameId, Request
from storyboard.shot import Beat, Continuity, ContinuityMode, Description, Line, MediaKind, Mention, Role, Shot, Window
from tests.storyboard.stories import MASTER, digest, facts, facts_of, naming, reference, shot, vendor

MARA, STYLE = reference("mara"), reference("gouache", Role.STYLE)
LAMP = shot(
    after="lamp/000",
    prompt=naming("mara"),
    camera=("slow push in",),
    sound=("wind",),
    dialogue=(Line("mara", "Mara", "One more winter."),),
    beats=(Beat(Decimal(0), ("still",)), Beat(Decimal(2), ("she turns",))),
    references=(MARA, STYLE),
    descriptions=(Description(role=Role.CAST, name="mara", label="Mara", text="keeper of the lamp"),),
)

IRRELEVANT: dict[str, Callable[[Shot], Shot]] = {
    "scene": lambda it: replace(it, scene="attic"),
    "shot id": lambda it: replace(it, id="999"),
    "episode": lambda it: replace(it, episode="e09"),
    "place in the story": lambda it: replace(it, index=17),
    "scene's title": lambda it: replace(it, scene_title="Up there"),
    "notes": lambda it: replace(it, notes="ask Jo"),
    "position": lambda it: replace(it, at=Position("episodes/e02.yaml", 99, 3)),
    "vendors": lambda it: replace(it, providers=("kinovi", "evolink")),
    "model": lambda it: replace(it, model="acme-2"),
    "number of takes": lambda it: replace(it, takes=3),
    "another shot to continue": lambda it: replace(it, continuity=replace(it.continuity, source="shore/020")),
    "re-anchor": lambda it: replace(it, continuity=replace(it.continuity, reanchor=True)),
    "spelling of a length": lambda it: replace(it, duration_s=Decimal("3.000")),
    "id in the bible": lambda it: replace(
        it,
        prompt=(Mention("keeper", "Mara"),),
        references=(replace(MARA, name="keeper"), STYLE),
        dialogue=(Line("keeper", "Mara", "One more winter."),),
    ),
    "style's name": lambda it: replace(it, references=(MARA, replace(STYLE, name="oil", label="oil"))),
    "seconds of a tail clip that it has none of": lambda it: replace(it, tail_clip_s=Decimal(5)),
    "seconds that the cut uses": lambda it: replace(it, references=(replace(MARA, used_s=Decimal(2)), STYLE)),
    "required": lambda it: replace(it, references=(replace(MARA, required=True), STYLE)),
}
RELEVANT: dict[str, Callable[[Shot], Shot]] = {
    "prompt": lambda it: replace(it, prompt=("something else",)),
    "label": lambda it: replace(it, prompt=(Mention("mara", "Old Mara"),)),
    "camera": lambda it: replace(it, camera=("slow pull out",)),
    "sound": lambda it: replace(it, sound=()),
    "line": lambda it: replace(it, dialogue=(Line("mara", "Mara", "No more winters."),)),
    "speaker": lambda it: replace(it, dialogue=(Line("tomas", "Tomas", "One more winter."),)),
    "beat's time": lambda it: replace(it, beats=(it.beats[0], replace(it.beats[1], at_s=Decimal("2.5")))),
    "beat's text": lambda it: replace(it, beats=(it.beats[0], replace(it.beats[1], prompt=("he turns",)))),
    "length": lambda it: replace(it, duration_s=Decimal("3.5")),
    "auto length": lambda it: replace(it, duration_s=None),
    "resolution": lambda it: replace(it, resolution="480p"),
    "ratio": lambda it: replace(it, aspect_ratio="9:16"),
    "audio": lambda it: replace(it, audio=False),
    "seed": lambda it: replace(it, seed=7),
    "mode": lambda it: replace(it, continuity=replace(it.continuity, mode=ContinuityMode.FIRST_FRAME)),
    "continuity at all": lambda it: replace(it, continuity=Continuity(ContinuityMode.NONE)),
    "description": lambda it: replace(it, descriptions=(replace(it.descriptions[0], text="keeper of nothing"),)),
    "order of references": lambda it: replace(it, references=(STYLE, MARA)),
    "one reference fewer": lambda it: replace(it, references=(MARA,)),
    "note on a reference": lambda it: replace(it, references=(replace(MARA, note="the coat"), STYLE)),
    "role": lambda it: replace(it, references=(MARA, replace(STYLE, role=Role.EXTRA))),
    "part": lambda it: replace(it, references=(replace(MARA, window=Window(Decimal(1))), STYLE)),
    "name that texts call": lambda it: replace(it, references=(replace(MARA, called=True), STYLE)),
    "part's end": lambda it: replace(it, references=(replace(MARA, window=Window(Decimal(1), Decimal(-2))), STYLE)),
}


@pytest.mark.parametrize("edit", IRRELEVANT.values(), ids=IRRELEVANT)
def test_what_nobody_sees_buys_nothing(edit: Callable[[Shot], Shot]) -> None:
    """Renaming, moving, choosing another vendor or writing notes leaves the wish as it is."""
    assert wish(edit(LAMP), facts_of(LAMP)) == wish(LAMP, facts_of(LAMP))


@pytest.mark.parametrize("edit", RELEVANT.values(), ids=RELEVANT)
def test_what_is_seen_or_heard_is_a_new_wish(edit: Callable[[Shot], Shot]) -> None:
    """Every edit that changes what is asked for changes the wish."""
    assert wish(edit(LAMP), facts_of(LAMP)) != wish(LAMP, facts_of(LAMP))


@given(st.sets(st.sampled_from(sorted(IRRELEVANT)), max_size=6), st.sampled_from([None, *sorted(RELEVANT)]))
def test_only_relevant_edits_count_in_any_company(irrelevant: set[str], relevant: str | None) -> None:
    """However many irrelevant edits come together, the wish changes exactly if a relevant one is among them."""
    edited = LAMP
    for name in sorted(irrelevant - {"id in the bible", "style's name", "required"}):
        edited = IRRELEVANT[name](edited)
    if relevant:
        edited = RELEVANT[relevant](edited)
    assert (wish(edited, facts_of(LAMP)) != wish(LAMP, facts_of(LAMP))) == (relevant is not None)


def test_a_file_is_its_bytes_and_not_its_name() -> None:
    """A reference that moves keeps the wish; one that is painted over changes it."""
    known = facts_of(LAMP)
    moved = replace(MARA, source="references/keeper/mara.png")
    same = {**known, moved.source: replace(known[MARA.source], source=moved.source)}
    assert wish(replace(LAMP, references=(moved, STYLE)), same) == wish(LAMP, known)
    painted = {**known, MARA.source: replace(known[MARA.source], sha256=digest("painted over"))}
    assert wish(LAMP, painted) != wish(LAMP, known)


def test_a_link_that_was_not_fetched_has_a_wish_too() -> None:
    """A plan without a web can still tell two links apart, and settles on the bytes once they are known."""
    link = replace(MARA, source="https://pictures.example/mara.png")
    linked = shot(references=(link,))
    unread = wish(linked, {})
    assert unread != wish(shot(references=(replace(link, source="https://pictures.example/tomas.png"),)), {})
    assert unread != wish(linked, {link.source: facts(link)})


def test_canonical_json_is_the_same_for_the_same_value() -> None:
    """Keys are sorted, nothing is escaped that need not be, and there are no blanks."""
    assert canonical({"b": [1, None, True], "a": "Größe"}) == '{"a":"Größe","b":[1,null,true]}'.encode()


# The fingerprint


def order(**changes: object) -> Request:
    """A request with a reference and a continuity frame."""
    frame = ContinuityInput(kind=MediaKind.IMAGE, source="lamp/000", sha256="png", frame=FrameId(digest("clip"), 71))
    request = bind(
        LAMP,
        vendor(),
        series="lighthouse",
        references=facts_of(LAMP),
        continuity=frame,
        wish="w",
        master=MASTER,
    )
    return replace(request, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"provider": "kinovi"},
        {"model": "acme-2"},
        {"prompt": "reworded"},
        {"billed_s": Decimal(5)},
        {"duration_s": None},
        {"resolution": "480p"},
        {"aspect_ratio": "1:1"},
        {"audio": False},
        {"seed": 3},
        {"variation": 1},
        {"width": 640},
        {"references": ()},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_fingerprint_is_what_is_asked(changes: dict[str, object]) -> None:
    """Whatever a vendor would see differently is another fingerprint."""
    assert fingerprint(order(**changes)) != fingerprint(order())


@pytest.mark.parametrize(
    "changes",
    [
        {"shot": "e02/attic/030"},
        {"series": "other"},
        {"wish": "x"},
        {"estimated_usd": Decimal(9)},
        {"notes": ("n",)},
        {"dropped": ()},
        {"slate": {}},
        {"account": "acme:elsewhere"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_fingerprint_is_nothing_else(changes: dict[str, object]) -> None:
    """Names, prices and notes are not asked of a vendor; the account stands beside the fingerprint in the ledger."""
    assert fingerprint(order(**changes)) == fingerprint(order())


def test_a_frame_is_its_clip_and_index_whatever_file_holds_it() -> None:
    """Another PNG encoder makes other bytes of the same frame, and buys nothing; another frame is another order."""
    first, *rest = order().references
    assert first.frame is not None
    other_file = replace(first, sha256="other png")
    assert fingerprint(order(references=(other_file, *rest))) == fingerprint(order())
    other_frame = replace(first, frame=FrameId(first.frame.clip_sha256, 70))
    assert fingerprint(order(references=(other_frame, *rest))) != fingerprint(order())


def test_a_fit_is_part_of_what_is_asked() -> None:
    """The same original sent at another size is another order."""
    frame, mara, *rest = order().references
    fitted = replace(mara, fit="image:jpeg:640x360")
    assert fingerprint(order(references=(frame, fitted, *rest))) != fingerprint(order())


def test_nothing_is_asked_with_what_is_not_known() -> None:
    """A plan that runs ahead of a clip, or of a link, has no fingerprint yet."""
    frame, mara, *rest = order().references
    with pytest.raises(ValueError, match="lamp/000 is not there yet"):
        fingerprint(order(references=(replace(frame, frame=None), mara, *rest)))
    with pytest.raises(ValueError, match=r"mara\.png has not been read"):
        fingerprint(order(references=(frame, replace(mara, sha256=None), *rest)))


def test_the_seconds_of_a_tail_clip_count_where_they_are_not_two() -> None:
    """Two were sent always, so what was made with them serves; and a shot that continues nothing has none."""
    tail = shot(after="lamp/000", mode=ContinuityMode.TAIL_CLIP)
    assert wish(replace(tail, tail_clip_s=Decimal("2.0")), {}) == wish(tail, {})
    assert wish(replace(tail, tail_clip_s=Decimal(3)), {}) != wish(tail, {})
    alone = shot(mode=ContinuityMode.TAIL_CLIP)
    assert wish(replace(alone, tail_clip_s=Decimal(3)), {}) == wish(alone, {})

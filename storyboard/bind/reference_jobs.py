"""What a prompt says of a reference that has a job by name (`use:`), and whether a model's vendor documents that job.

    edit       Edit @video1: keep everything that is not said otherwise here.    first of all, as the order is an edit
    extend     Go on from the end of @video1 without a break.                    likewise
    character  Show the character of @image1.
    style      Follow the style of @image1.
    location   Set in the place of @image1.
    motion     Move as in @video1.
    camera     Move the camera as in @video1.
    voice      Mara speaks with the voice of @audio1.    where one alone speaks; else: The voice is that of @audio1.
    music      The music is @audio1.    of a song that the shot is made to: Made to the music of @audio1; cuts and …
    effects    Sounds as in @audio1.

Where a text calls the reference by a name instead, the job is said there: Mara (moving as in @video1).
"""

from __future__ import annotations

from collections.abc import Collection

from storyboard.capabilities import ModelCapabilities
from storyboard.shot import MediaKind, Reference, Use

WHOLE = frozenset({Use.EDIT, Use.EXTEND})
"""Jobs that are what the whole order is about."""

_SENTENCES = {
    Use.EDIT: "Edit {}: keep everything that is not said otherwise here",
    Use.EXTEND: "Go on from the end of {} without a break",
    Use.CHARACTER: "Show the character of {}",
    Use.STYLE: "Follow the style of {}",
    Use.LOCATION: "Set in the place of {}",
    Use.MOTION: "Move as in {}",
    Use.CAMERA: "Move the camera as in {}",
    Use.MUSIC: "The music is {}",
    Use.EFFECTS: "Sounds as in {}",
}
_LEADS = {
    Use.CHARACTER: "looking like ",
    Use.STYLE: "in the style of ",
    Use.LOCATION: "in the place of ",
    Use.MOTION: "moving as in ",
    Use.CAMERA: "filmed as in ",
    Use.VOICE: "speaking with the voice of ",
    Use.MUSIC: "with the music of ",
    Use.EFFECTS: "sounding like ",
}
_PREDICATES = {
    Use.CHARACTER: "looks like ",
    Use.STYLE: "is in the style of ",
    Use.LOCATION: "is in the place of ",
    Use.MOTION: "moves as in ",
    Use.CAMERA: "is filmed as in ",
    Use.VOICE: "speaks with the voice of ",
    Use.MUSIC: "has the music of ",
    Use.EFFECTS: "sounds like ",
}


def lead(reference: Reference, *, heard: bool = False) -> str:
    """What stands before the token of a reference behind a name: "moving as in ", or nothing for a picture.

    `heard`: what it is of has no picture and is no person.
    """
    if reference.use is not None:
        return _LEADS.get(reference.use, "")
    sound = "heard in " if heard else "sounding like "
    return {MediaKind.IMAGE: "", MediaKind.VIDEO: "moving as in ", MediaKind.AUDIO: sound}[reference.kind]


def predicate(reference: Reference, *, heard: bool = False) -> str:
    """The same behind a name that no text says, as what the sentence says of it: "moves as in "."""
    if reference.use is not None:
        return _PREDICATES.get(reference.use, "is in ")
    sound = "is heard in " if heard else "sounds like "
    return {MediaKind.IMAGE: "is ", MediaKind.VIDEO: "moves as in ", MediaKind.AUDIO: sound}[reference.kind]


def job(reference: Reference, called: str, speakers: Collection[str]) -> str:
    """The sentence that gives a reference its job, without its full stop; it must have one.

    `called` is how the sentence calls it: its token, or its name with the token. `speakers` are those of the shot.
    """
    assert reference.use is not None
    if reference.use is Use.VOICE:
        who = next(iter(speakers)) if len(set(speakers)) == 1 else ""
        sentence = f"{who} speaks with the voice of {called}" if who else f"The voice is that of {called}"
    elif reference.song:
        sentence = f"Made to the music of {called}; cuts and movement follow its beat"
    else:
        sentence = _SENTENCES[reference.use].format(called)
    if not reference.note:
        return sentence
    return f"{sentence}; {reference.note}" if reference.use in WHOLE else f"{sentence}: {reference.note}"


def undocumented(model: ModelCapabilities, reference: Reference) -> tuple[str, str] | None:
    """Why a model cannot give a reference its job, and what to do; None where it can, or its pages say nothing."""
    if reference.use is None or model.uses is None:
        return None
    taken = model.uses.get(reference.use, frozenset())
    if reference.kind in taken:
        return None
    known = ", ".join(use.value for use, kinds in model.uses.items() if reference.kind in kinds) or "none"
    problem = f"{model.name} takes no {reference.kind} reference for `use: {reference.use.value}`"
    return problem, f"Valid values for it are: {known}; or leave `use` out, and write a `note`"

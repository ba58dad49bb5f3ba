"""The pictures that are literally a clip's first and last ones: which model takes them, and what they exclude.

This model family takes them alone: every reference is given up for them, and nothing in the prompt points at them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from storyboard.bind.offer import Order, refused
from storyboard.bind.selection import (
    Chosen,
    ContinuityInput,
    Selection,
    continuity_facts,
    continuity_reference,
    fitted,
    told_of,
)
from storyboard.bind.songs import song_refused
from storyboard.capabilities import Capabilities, ModelCapabilities
from storyboard.framing import AUTO, Framing, framing
from storyboard.request import ReferenceFacts
from storyboard.shot import ContinuityMode, MasterFormat, Reference, Shot
from storyboard.text.letters import capital


def is_literal(shot: Shot, continuity: ContinuityInput | None) -> bool:
    """Whether the shot is asked of the model that takes literal frames."""
    continues = continuity is not None and shot.continuity.mode is ContinuityMode.FIRST_FRAME
    return continues or shot.first_frame is not None or shot.last_frame is not None


def literal_model(shot: Shot, capabilities: Capabilities, model: ModelCapabilities) -> ModelCapabilities:
    """The model beside this one that takes the shot's literal frames. Raises CannotBind."""
    if model.first_frame_model is None:
        raise refused(
            shot,
            capabilities,
            f"there is no model beside {model.name} that begins on a literal first frame",
            _instead(shot) + _who_has(capabilities, last=shot.last_frame is not None),
        )
    if shot.last_frame is not None and not model.last_frame:
        raise refused(
            shot,
            capabilities,
            f"{model.first_frame_model} takes no literal last frame",
            f"Drop `last_frame`, or choose another {_who_has(capabilities, last=True)}",
        )
    return capabilities.models.get(model.first_frame_model) or replace(model, name=model.first_frame_model)


def literal_frames(
    order: Order,
    references: Mapping[str, ReferenceFacts],
    continuity: ContinuityInput | None,
    size: tuple[int, int],
) -> Selection:
    """The first frame, and the last where there is one, alone; `size` is the clip's, in pixels. Raises CannotBind."""
    shot, selection = order.shot, Selection()
    if shot.first_frame is not None:
        _send(order, selection, shot.first_frame, references.get(shot.first_frame.source), size)
    elif continuity is not None:
        facts = replace(continuity_facts(continuity), frame=continuity.frame)
        _send(order, selection, continuity_reference(continuity), facts, size)
    else:
        raise order.refused(
            "it ends on a literal last frame, and what it would begin on is given up",
            "Write `first_frame`, or drop `last_frame`",
        )
    if shot.last_frame is not None:
        _send(order, selection, shot.last_frame, references.get(shot.last_frame.source), size)
    _give_up(order, selection)
    return selection


def beyond_the_cut(shot: Shot, billed_s: Decimal) -> Sequence[str]:
    """That the picture on which a clip ends is not seen, where the cut uses less than is bought."""
    if shot.last_frame is None:
        return ()
    ends = f"the clip ends on {shot.last_frame.source} after {billed_s} s, which the cut does not reach"
    return (f"{ends}; write `duration: {billed_s}`",)


def _send(
    order: Order, selection: Selection, frame: Reference, known: ReferenceFacts | None, size: tuple[int, int]
) -> None:
    limits = order.model.media.get(frame.kind)
    fit = fitted(order, limits, frame, known) if limits else None
    selection.chosen.append(
        Chosen(
            token="",  # it is the picture's beginning or end, nothing that the prompt points at
            reference=frame,
            sha256=(known.sha256 or None) if known else None,
            fit=fit,
            frame=known.frame if known else None,
            seconds=None,
        )
    )
    selection.notes += [*told_of(frame, known, fit), *_other_shape(order, frame, known, size)]


def _other_shape(order: Order, frame: Reference, known: ReferenceFacts | None, size: tuple[int, int]) -> Sequence[str]:
    """No vendor says what becomes of a picture that has not the clip's shape."""
    if known is None or not known.width or not known.height or order.shot.aspect_ratio == AUTO:
        return ()
    if framing(known.width, known.height, MasterFormat(*size, Fraction(1))) is not Framing.PAD:
        return ()
    return (
        f"{frame.source} is {known.width}x{known.height} and the clip {size[0]}x{size[1]}, another shape: nobody says "
        f"what the vendor crops or pads; crop it to {order.shot.aspect_ratio} yourself",
    )


def _give_up(order: Order, selection: Selection) -> None:
    given_up = order.shot.references
    for reference in given_up:
        _refuse_required(order, reference)
    selection.drop(given_up, "a literal first frame is not taken together with references")
    if given_up:
        names = ", ".join(dict.fromkeys(each.name for each in given_up))
        selection.notes.append(f"beginning on a literal first frame gives up the references of {names}")


def _refuse_required(order: Order, reference: Reference) -> None:
    """What must be sent is not given up: then the shot cannot be made as it is written."""
    if reference.song:
        why = "a literal first frame is not taken together with references"
        raise song_refused(order, reference, why, capital(_as_references(order.shot)))
    if not reference.required:
        return
    own = reference.own is not None
    drop = f"Take {reference.source} out of its references" if own else "Drop `required`"
    raise order.refused(
        f"{reference.source} {'is never left out' if own else 'is required'}, and a literal first frame is not taken "
        "together with references",
        f"{drop}, or {_as_references(order.shot)}",
    )


def _as_references(shot: Shot) -> str:
    """How the shot is written so that its references are sent."""
    frames = [name for name, frame in (("first", shot.first_frame), ("last", shot.last_frame)) if frame is not None]
    if not frames:
        return "write `continuity: tail_frame`"
    return f"send the {' and '.join(frames)} frame among the references"


def _instead(shot: Shot) -> str:
    if shot.first_frame is None and shot.last_frame is None:
        return "Write `continuity: tail_frame`, which sends the frame as a reference image, or choose another "
    return f"{capital(_as_references(shot))}, or choose another "


def _who_has(capabilities: Capabilities, *, last: bool) -> str:
    """The models of this vendor that take a literal first (and last) frame, else the other vendors that have some."""
    models = sorted(
        model.name
        for model in capabilities.models.values()
        if model.first_frame_model and (model.last_frame or not last)
    )
    if models:
        return f"model ({', '.join(models)})"
    others = capabilities.last_frame_vendors if last else capabilities.first_frame_vendors
    return f"vendor ({', '.join(others)})" if others else "vendor"

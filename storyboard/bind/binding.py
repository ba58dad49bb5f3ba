"""A shot and a vendor's capabilities make a request: what exactly is asked for, every parameter spelled out.

Nothing is clamped, substituted or left to a vendor's default. What a vendor does not sell raises CannotBind with the
values that it does; what falls away for its limits is in `dropped`; what a producer should know is in `notes`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import ceil

from storyboard.bind.composer import Sent, compose, tokens_in
from storyboard.bind.offer import Order, refused, valid_values
from storyboard.bind.prices import Estimate, estimate
from storyboard.bind.prompt_template import plain
from storyboard.bind.selection import (
    Chosen,
    ContinuityInput,
    Selection,
    continuity_facts,
    continuity_reference,
    fitted,
    select,
)
from storyboard.bind.songs import song_among, song_refused
from storyboard.capabilities import Capabilities, Lengths, ModelCapabilities
from storyboard.framing import AUTO, Framing, frame_size, framing, shaped_like
from storyboard.price_proof import Receipt
from storyboard.request import BoundReference, Mode, ReferenceFacts, Request
from storyboard.shot import TAIL_CLIP_S, ContinuityMode, MasterFormat, MediaKind, Price, Role, Shot
from storyboard.shot_key import full_key

__all__ = ["ContinuityInput", "bind", "bought_length"]


def bind(
    shot: Shot,
    capabilities: Capabilities,
    *,
    series: str,
    references: Mapping[str, ReferenceFacts],
    continuity: ContinuityInput | None = None,
    variation: int = 0,
    wish: str,
    prices: Sequence[Price] = (),
    receipts: Sequence[Receipt] = (),
    master: MasterFormat,
) -> Request:
    """What `capabilities`' vendor is asked for to make this shot. Raises CannotBind, with the remedy.

    `references` holds the facts of every file by its source, `receipts` what vendors told of earlier costs, the newest
    first. `continuity` is None where the shot continues nothing, or nothing that there is. A model that lists no frame
    sizes draws to order and is asked for the master's own format.
    """
    order = _order(shot, capabilities, continuity)
    _refuse_unsold(order)
    billed_s = _billed(order)
    selection = _selection(order, references, continuity)
    width, height, fps = _frame(order, master)
    priced = _estimate(order, prices, receipts, billed_s, selection)
    return Request(
        series=series,
        shot=full_key(shot.episode, shot.key),
        provider=capabilities.provider,
        account=capabilities.account,
        model=order.model.name,
        mode=order.mode,
        prompt=_prompt(order, selection, billed_s),
        references=tuple(_bound(each, shot) for each in selection.chosen),
        duration_s=shot.duration_s,
        billed_s=billed_s,
        resolution=shot.resolution,
        aspect_ratio=shot.aspect_ratio,
        audio=shot.audio,
        seed=shot.seed,
        variation=variation,
        wish=wish,
        width=width,
        height=height,
        fps=fps,
        estimated_usd=priced.usd,
        stated=priced.stated,
        dropped=tuple(selection.dropped),
        notes=(*_notes(shot, billed_s, framing(width, height, master), continuity), *selection.notes),
        slate=_slate(shot),
    )


def bought_length(duration_s: Decimal, lengths: Lengths) -> Decimal | None:
    """The shortest length sold, in seconds, that is not shorter than the shot; None where it is longer than all."""
    if duration_s > lengths.max_s:
        return None
    if duration_s <= lengths.min_s:
        return lengths.min_s
    if lengths.step_s is None:
        return duration_s
    steps = ((duration_s - lengths.min_s) / lengths.step_s).to_integral_value(rounding=ROUND_CEILING)
    length = lengths.min_s + steps * lengths.step_s
    return length if length <= lengths.max_s else None


def _order(shot: Shot, capabilities: Capabilities, continuity: ContinuityInput | None) -> Order:
    try:
        model = capabilities.model(shot.model)
    except KeyError:
        remedy = valid_values(shot.model or "", capabilities.models)
        raise refused(shot, capabilities, f"there is no model {shot.model!r}", remedy) from None
    if continuity is None or shot.continuity.mode is not ContinuityMode.FIRST_FRAME:
        return Order(shot, capabilities, model, Mode.REFERENCE)
    if model.first_frame_model is None:
        raise refused(
            shot,
            capabilities,
            f"there is no model beside {model.name} that begins on a literal first frame",
            "Write `continuity: tail_frame`, which sends the frame as a reference image, or choose another "
            + _who_has_first_frames(capabilities),
        )
    literal = capabilities.models.get(model.first_frame_model) or replace(model, name=model.first_frame_model)
    return Order(shot, capabilities, literal, Mode.FIRST_FRAME)


def _who_has_first_frames(capabilities: Capabilities) -> str:
    """The models of this vendor that take a literal first frame, else the other vendors that have some."""
    models = sorted(model.name for model in capabilities.models.values() if model.first_frame_model)
    if models:
        return f"model ({', '.join(models)})"
    others = capabilities.first_frame_vendors
    return f"vendor ({', '.join(others)})" if others else "vendor"


def _refuse_unsold(order: Order) -> None:
    shot, model = order.shot, order.model
    if model.resolutions and shot.resolution not in model.resolutions:
        values = ", ".join(model.resolutions)
        raise order.refused(f"{model.name} does not sell {shot.resolution}", f"Valid values are: {values}")
    if model.aspect_ratios and shot.aspect_ratio not in model.aspect_ratios:
        values = ", ".join(model.aspect_ratios)
        raise order.refused(f"{model.name} does not sell {shot.aspect_ratio}", f"Valid values are: {values}")
    if shot.seed is not None and not model.seed:
        raise order.refused(f"{model.name} takes no seed", "Remove `seed`")
    if not shot.audio and not model.audio_switch:
        raise order.refused(f"{model.name} always makes sound", "Write `audio: true`, or choose another vendor")


def _billed(order: Order) -> Decimal:
    lengths, wanted_s = order.model.lengths, order.shot.duration_s
    if wanted_s is None:
        if lengths.auto:
            return lengths.max_s
        remedy = f"Write a duration of {lengths.min_s} to {lengths.max_s} seconds"
        raise order.refused(f"{order.model.name} does not choose a length itself", remedy)
    length = bought_length(wanted_s, lengths)
    if length is not None:
        return length
    pieces = ceil(wanted_s / lengths.max_s)
    raise order.refused(
        f"{wanted_s} s is longer than the longest that {order.model.name} sells, {lengths.max_s} s",
        f"Split it into {pieces} shots of {wanted_s / pieces:.4g} s; each continues the one before by itself",
    )


def _selection(order: Order, references: Mapping[str, ReferenceFacts], continuity: ContinuityInput | None) -> Selection:
    song = song_among(order.shot.references)
    if order.mode is Mode.FIRST_FRAME and continuity is not None:
        if song is not None:
            why = "a literal first frame is not taken together with references"
            raise song_refused(order, song, why, "Write `continuity: tail_frame`")
        return _first_frame(order, continuity)
    selection, name = select(order, references, continuity), order.model.name
    if selection.of_kind(MediaKind.IMAGE) or selection.of_kind(MediaKind.VIDEO):
        return selection
    if order.model.needs_visual_reference:
        remedy = "Add a reference to the shot, its style or its location"
        raise order.refused(f"{name} needs at least one image or video", remedy)
    if order.model.sound_needs_picture and song is not None:
        why = f"{name} takes no sound without an image or video"
        raise song_refused(order, song, why, "Add a picture to the shot, its style or its location")
    if order.model.sound_needs_picture and selection.chosen:
        remedy = "Add a picture, or remove the sound reference"
        raise order.refused(f"{name} takes no sound without an image or video", remedy)
    return selection


def _first_frame(order: Order, continuity: ContinuityInput) -> Selection:
    """The frame alone: this model family refuses a literal first frame together with any reference."""
    reference, facts = continuity_reference(continuity), continuity_facts(continuity)
    limits = order.model.media.get(continuity.kind)
    chosen = Chosen(
        token="",  # the frame is the picture's beginning, nothing that the prompt points at
        reference=reference,
        sha256=facts.sha256 or None,
        fit=fitted(order, limits, reference, facts) if limits else None,
        frame=continuity.frame,
        seconds=None,
    )
    selection = Selection(chosen=[chosen])
    given_up = order.shot.references
    selection.drop(given_up, "a literal first frame is not taken together with references")
    if given_up:
        names = ", ".join(dict.fromkeys(each.name for each in given_up))
        selection.notes.append(f"beginning on a literal first frame gives up the references of {names}")
    return selection


def _prompt(order: Order, selection: Selection, billed_s: Decimal) -> str:
    sent = [Sent(each.token, each.reference) for each in selection.chosen if each.token]
    prompt = compose(order.shot, sent, opening=selection.opening, mode=order.mode, billed_s=billed_s)
    written = tokens_in(prompt, order.capabilities.tokens)
    for token in (each.token for each in sent):
        written.remove(token)  # exactly one of each is the composer's own
    if written:
        raise order.refused(
            f"its text says {written[0]}, which would point at a reference of the vendor's numbering",
            "Call what you mean by its name, as in {{ name }}; the number is put in for you",
        )
    most = order.model.prompt_characters
    if most is not None and len(prompt) > most:
        raise order.refused(
            f"its prompt has {len(prompt)} characters, and {order.model.name} takes {most}",
            "Shorten the prompt, its beats, or the descriptions of what it names",
        )
    return prompt


def _frame(order: Order, master: MasterFormat) -> tuple[int, int, Fraction]:
    shot, sizes = order.shot, order.model.frame_sizes
    if not sizes:
        return master.width, master.height, master.fps
    if shot.aspect_ratio == AUTO:
        return *shaped_like(master, shot.resolution), order.capabilities.fps
    width, height = sizes.get((shot.resolution, shot.aspect_ratio)) or frame_size(shot.resolution, shot.aspect_ratio)
    return width, height, order.capabilities.fps


def _bound(each: Chosen, shot: Shot) -> BoundReference:
    tail = each.reference.role is Role.CONTINUITY and each.reference.kind is MediaKind.VIDEO
    return BoundReference(
        token=each.token,
        kind=each.reference.kind,
        role=each.reference.role,
        name=each.reference.name,
        source=each.reference.source,
        sha256=each.sha256,
        fit=str(each.fit) if each.fit else None,
        frame=each.frame,
        tail_s=shot.tail_clip_s if tail and shot.tail_clip_s != TAIL_CLIP_S else None,
    )


def _estimate(
    order: Order, prices: Sequence[Price], receipts: Sequence[Receipt], billed_s: Decimal, selection: Selection
) -> Estimate:
    return estimate(
        order.capabilities,
        order.model,
        prices,
        resolution=order.shot.resolution,
        billed_s=billed_s,
        input_video_s=_input_video_s(order.model, selection),
        receipts=receipts,
    )


def _input_video_s(model: ModelCapabilities, selection: Selection) -> Decimal | None:
    """Seconds of reference video that are billed; of one whose length is not known, the longest it may be."""
    videos = selection.of_kind(MediaKind.VIDEO)
    if not videos:
        return None
    limits = model.media[MediaKind.VIDEO]
    longest = limits.max_s or limits.total_s or model.lengths.max_s
    return sum((longest if each.seconds is None else each.seconds for each in videos), Decimal(0))


def _notes(shot: Shot, billed_s: Decimal, fills: Framing, continuity: ContinuityInput | None) -> list[str]:
    notes = []
    if shot.duration_s is None:
        notes.append(f"the vendor chooses the length; {billed_s} s are reserved")
    elif billed_s != shot.duration_s:
        notes.append(f"bought {billed_s} s, used {shot.duration_s} s")
    if continuity is not None and shot.continuity.reanchor:
        notes.append(
            f"the chain has reached its longest: it begins on the first frame of {continuity.source}, its head, "
            "and is a new head itself"
        )
    if shot.aspect_ratio == AUTO:
        notes.append("the vendor chooses the shape; what differs from the master is cropped, or gets bars in the cut")
    elif fills is not Framing.WHOLE:
        notes.append("the clip is cropped to the master" if fills is Framing.CROP else "the clip gets bars in the cut")
    if shot.sound and not shot.audio:
        notes.append("sound is off, so what is heard is left out of the prompt")
    return notes


def _slate(shot: Shot) -> dict[str, str]:
    """What an animatic burns in; other vendors never see it."""
    return {
        "key": shot.key,
        "title": shot.scene_title or shot.scene,
        "line": "\n".join(f"{line.label}: {line.text}" for line in shot.dialogue),
        "camera": plain(shot.camera),
        "beats": json.dumps([float(beat.at_s) for beat in shot.beats]),
    }

"""A shot and a vendor's capabilities make a request: what exactly is asked for, every parameter spelled out.

Nothing is clamped, substituted or left to a vendor's default. What a vendor does not sell raises CannotBind with the
values that it does; what falls away for its limits is in `dropped`; what a producer should know is in `notes`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import ceil

from storyboard.auto_length import AutoLength
from storyboard.bind.final_prompt import final_prompt
from storyboard.bind.literal_frames import beyond_the_cut, is_literal, literal_frames, literal_model
from storyboard.bind.offer import Order, refused, valid_values
from storyboard.bind.prices import Estimate, auto_length, estimate
from storyboard.bind.selection import Chosen, ContinuityInput, Selection, select
from storyboard.bind.sizes import refuse_unsold_size
from storyboard.bind.wordings import plain
from storyboard.capabilities import Capabilities, Lengths, ModelCapabilities
from storyboard.framing import AUTO, Framing, frame_size, framing, shaped_like
from storyboard.own_seed import own_seed
from storyboard.price_proof import Receipt
from storyboard.request import BoundReference, Mode, ReferenceFacts, Request
from storyboard.shot import TAIL_CLIP_S, MasterFormat, MediaKind, Price, Role, Shot
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
    _refuse_beyond(order, billed_s)
    width, height, fps = _frame(order, master)
    selection = _selection(order, references, continuity, (width, height))
    priced = _estimate(order, prices, receipts, billed_s, selection)
    prompt, prompt_notes = final_prompt(order, selection, billed_s)
    makes_seed = shot.seed is None and order.model.seed and capabilities.paid
    return Request(
        series=series,
        shot=full_key(shot.episode, shot.key),
        provider=capabilities.provider,
        account=capabilities.account,
        model=order.model.name,
        mode=order.mode,
        prompt=prompt,
        references=tuple(_bound(each, shot) for each in selection.chosen),
        duration_s=shot.duration_s,
        billed_s=billed_s,
        resolution=shot.resolution,
        aspect_ratio=shot.aspect_ratio,
        audio=shot.audio,
        seed=own_seed(wish, variation, order.model.highest_seed) if makes_seed else shot.seed,
        own_seed=makes_seed,
        variation=variation,
        wish=wish,
        width=width,
        height=height,
        fps=fps,
        estimated_usd=priced.usd,
        stated=priced.stated,
        dropped=tuple(selection.dropped),
        notes=(
            *_notes(shot, billed_s, framing(width, height, master), continuity),
            *selection.notes,
            *prompt_notes,
        ),
        slate=_slate(shot),
        auto_length=None if shot.duration_s is not None else _auto_length(order, selection),
        upscale=shot.upscale,
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
    if not is_literal(shot, continuity):
        return Order(shot, capabilities, model, Mode.REFERENCE)
    return Order(shot, capabilities, literal_model(shot, capabilities, model), Mode.FIRST_FRAME)


def _refuse_unsold(order: Order) -> None:
    shot, model = order.shot, order.model
    refuse_unsold_size(order)
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


def _selection(
    order: Order,
    references: Mapping[str, ReferenceFacts],
    continuity: ContinuityInput | None,
    size: tuple[int, int],
) -> Selection:
    if order.mode is Mode.FIRST_FRAME:
        return literal_frames(order, references, continuity, size)
    return select(order, references, continuity)


def _frame(order: Order, master: MasterFormat) -> tuple[int, int, Fraction]:
    shot, sizes = order.shot, order.model.frame_sizes
    if not sizes:
        return master.width, master.height, master.fps
    if shot.aspect_ratio == AUTO:
        return *shaped_like(master, shot.upscale or shot.resolution), order.capabilities.fps
    if shot.upscale:
        return *frame_size(shot.upscale, shot.aspect_ratio), order.capabilities.fps
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
        upscale=order.shot.upscale,
        receipts=receipts,
    )


def _refuse_beyond(order: Order, billed_s: Decimal) -> None:
    """An out-point, or an in-point, that no clip of this order reaches."""
    edit, shot = order.shot.edit, order.shot
    for name, time_s in (("out", edit.out_s or 0), ("in", edit.in_s)):
        if time_s > Fraction(billed_s):
            raise order.refused(
                f"its `{name}` is at {float(time_s):g} s, and {billed_s} s are bought",
                f"Write `{name}` within them"
                + ("" if shot.duration_s is None else f", or a `duration` of {float(time_s):g} s and more"),
                at=edit.at,
            )


def _auto_length(order: Order, selection: Selection) -> AutoLength | None:
    return auto_length(
        order.capabilities,
        order.model,
        resolution=order.shot.resolution,
        input_video_s=_input_video_s(order.model, selection),
    )


def _input_video_s(model: ModelCapabilities, selection: Selection) -> Decimal | None:
    """Seconds of reference video that are billed; of one whose length is not known, the longest it may be."""
    videos = selection.of_kind(MediaKind.VIDEO)
    if not videos:
        return None
    limits = model.media[MediaKind.VIDEO]
    longest = limits.max_s or limits.total_s or model.lengths.max_s
    return sum((longest if each.seconds is None else each.seconds for each in videos), Decimal(0))


def _used(shot: Shot, duration_s: Decimal) -> str:
    """What the cut shows of its clip."""
    edit = shot.edit
    if not edit.in_s and edit.out_s is None:
        return str(duration_s)
    end_s = Fraction(duration_s) + (edit.out_s or 0) if edit.out_s is None or edit.out_s < 0 else edit.out_s
    return f"{float(edit.in_s):g} to {float(end_s):g}"


def _notes(shot: Shot, billed_s: Decimal, fills: Framing, continuity: ContinuityInput | None) -> list[str]:
    notes = []
    if shot.duration_s is None:
        notes.append(f"the vendor chooses the length; {billed_s} s are reserved")
    elif billed_s != shot.duration_s:
        notes.append(f"bought {billed_s} s, used {_used(shot, shot.duration_s)} s")
        notes += beyond_the_cut(shot, billed_s)
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

"""Two hashes that decide what is bought again: the wish, and the fingerprint.

The **wish** is what a producer wants of a shot, whoever makes it. Renaming a scene, moving a file, rewording the
composer or choosing another vendor leaves it as it is, so none of these buys a shot again. A take is named by the pair
of wish and variation. The **fingerprint** is what one vendor is asked, to the letter; no two live takes share one.

Both are sha256 over canonical JSON. Neither holds links, keys, paths, times or source text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from storyboard.request import BoundReference, FrameId, ReferenceFacts, Request
from storyboard.shot import (
    TAIL_CLIP_S,
    Continuity,
    ContinuityMode,
    Description,
    Mention,
    OwnTake,
    Reference,
    Role,
    Shot,
    Window,
    Wording,
)
from storyboard.text.decimals import plain_decimal

JsonValue = str | int | bool | None | list["JsonValue"] | dict[str, "JsonValue"]
"""What a hash is taken over. No floats: they print differently than they were written."""


def canonical(value: JsonValue) -> bytes:
    """The one way to write a value: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def wish(shot: Shot, references: Mapping[str, ReferenceFacts], wishes: Mapping[str, str] | None = None) -> str:
    """What is wanted of this shot, as a sha256 in hex. `references` holds the facts of every file by its source.

    A link that nobody has fetched yet stands for itself: its wish becomes that of its bytes once they are known. What
    another shot makes stands for the wish of that shot, which `wishes` has by its key: another take of the same is the
    same wish, made on another clip.
    """
    continues = shot.continuity.source is not None
    return _sha256(
        {
            "prompt": _wording(shot.prompt),
            "beats": [[plain_decimal(beat.at_s), _wording(beat.prompt)] for beat in shot.beats],
            "dialogue": [[line.label, line.text] for line in shot.dialogue],
            "camera": _wording(shot.camera),
            "sound": _wording(shot.sound),
            "descriptions": [_description(each) for each in shot.descriptions],
            "references": [_reference(each, references.get(each.source), wishes or {}) for each in shot.references],
            "continuity": shot.continuity.mode.value if continues else None,
            "duration_s": None if shot.duration_s is None else plain_decimal(shot.duration_s),
            "resolution": shot.resolution,
            "aspect_ratio": shot.aspect_ratio,
            "audio": shot.audio,
            "seed": shot.seed,
            **_where_written(shot, references, wishes or {}),
        }
    )


def wishes_elsewhere(
    shot: Shot, references: Mapping[str, ReferenceFacts], wishes: Mapping[str, str] | None = None
) -> frozenset[str]:
    """What the very same shot would be, moved: to the beginning of a scene where it continues another now, or back.

    None where the shot says itself how it begins.
    """
    if shot.link_by_place is None:
        return frozenset()
    places = (Continuity(ContinuityMode.NONE), Continuity(shot.link_by_place, shot.key))
    moved = (wish(replace(shot, continuity=each), references, wishes) for each in places)
    return frozenset(moved) - {wish(shot, references, wishes)}


def _where_written(
    shot: Shot, references: Mapping[str, ReferenceFacts], wishes: Mapping[str, str]
) -> dict[str, JsonValue]:
    """What a producer may want beside that, each only where it is: wishes of before there were these stay the same."""
    frames = {"first": shot.first_frame, "last": shot.last_frame}
    moving = shot.continuity.source is not None and shot.continuity.mode is ContinuityMode.TAIL_CLIP
    every: dict[str, JsonValue] = {
        "upscale": shot.upscale,
        "without": [each.value for each in shot.without],
        "tail_clip_s": plain_decimal(shot.tail_clip_s) if moving and shot.tail_clip_s != TAIL_CLIP_S else None,
        "frames": {
            name: _reference(frame, references.get(frame.source), wishes)
            for name, frame in frames.items()
            if frame is not None
        },
    }
    return {key: value for key, value in every.items() if value}


def fingerprint(request: Request) -> str:
    """What this vendor is asked, as a sha256 in hex. A seed of our own is none of it: it follows from the order.

    Raises ValueError while a reference has not been read, or a continuity frame is not known yet.
    """
    return _sha256(
        {
            "provider": request.provider,
            "model": request.model,
            "mode": request.mode.value,
            "prompt": request.prompt,
            "length_s": "auto" if request.duration_s is None else plain_decimal(request.billed_s),
            "resolution": request.resolution,
            "aspect_ratio": request.aspect_ratio,
            "audio": request.audio,
            "seed": request.written_seed,
            "size": [request.width, request.height, str(request.fps)],
            "references": [_bound(each) for each in request.references],
            "variation": request.variation,
            **({} if request.upscale is None else {"upscale": request.upscale}),
        }
    )


def made_on(request: Request) -> FrameId | None:
    """What of other shots this is made on, as `joint` has it; None where nothing is."""
    return joint(each.frame for each in request.references if each.frame is not None)


def joint(frames: Iterable[FrameId]) -> FrameId | None:
    """One name for the frames and clips on which a take is made, in whatever order; of one alone, itself.

    Of several it is the hash of them all, which stands in the place of a clip's and names no file.
    """
    every = sorted(set(frames), key=lambda each: (each.clip_sha256, each.index))
    if len(every) > 1:
        return FrameId(_sha256([[each.clip_sha256, each.index] for each in every]), 0)
    return every[0] if every else None


def _sha256(value: JsonValue) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def _wording(wording: Wording) -> list[JsonValue]:
    """Mentions by how they read: an id that is renamed in the bible changes nothing that anybody sees."""
    return [[part.label] if isinstance(part, Mention) else part for part in wording]


def _description(each: Description) -> JsonValue:
    """A style's name is never said, so it is not part of what is wanted."""
    return [each.role.value, "" if each.role is Role.STYLE else each.label, each.text]


def _reference(each: Reference, known: ReferenceFacts | None, wishes: Mapping[str, str]) -> JsonValue:
    content = _own(each.own, known, wishes) if each.own else known.sha256 if known else f"unread {each.source}"
    label = each.label if each.role is Role.LOCATION else ""  # of the others only what the texts say
    return [each.role.value, each.kind.value, content, label, each.note, *_particulars(each)]


def _particulars(each: Reference) -> list[JsonValue]:
    """What is asked of a reference beyond itself; nothing where nothing is written, so that takes of before serve."""
    written: dict[str, JsonValue] = {}
    if each.window is not None:
        written["window"] = _window(each.window)
    if each.called:
        written["called"] = each.label
    if each.use is not None:
        written["use"] = each.use.value
    return [written] if written else []


def _window(window: Window) -> JsonValue:
    return [plain_decimal(window.start_s), None if window.end_s is None else plain_decimal(window.end_s)]


def _own(own: OwnTake, known: ReferenceFacts | None, wishes: Mapping[str, str]) -> JsonValue:
    """A take that is named by its number is its clip; else it is whatever the other shot's wish makes."""
    if own.take is None:
        clip = wishes.get(own.shot, f"unmade {own.shot}")
    else:
        clip = known.frame.clip_sha256 if known and known.frame else f"unread {own.called}"
    return ["take", clip, own.frame.value if own.frame else None]


def _bound(each: BoundReference) -> JsonValue:
    if each.frame is not None:
        tail: list[JsonValue] = [] if each.tail_s is None else [plain_decimal(each.tail_s)]
        return [each.token, each.kind.value, each.frame.clip_sha256, each.frame.index, each.fit, *tail]
    if each.role is Role.CONTINUITY:
        raise ValueError(f"the clip of {each.source} is not there yet, so its frame cannot be asked for")
    if each.sha256 is None:
        raise ValueError(f"{each.source} has not been read, so nothing can be asked with it")
    return [each.token, each.kind.value, each.sha256, each.fit]

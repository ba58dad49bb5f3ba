"""What is approved of a storyboard: what is wanted of each shot, in story order.

The hash is that of the shots' wishes: what makes nothing again (a comment, a renamed scene, another vendor, a cut's
transition) asks nobody again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from storyboard.approval.approval_content import ApprovalContent, hashed, shot_told
from storyboard.approval_rules import Subject
from storyboard.bind.wordings import plain
from storyboard.identity import JsonValue
from storyboard.shot import Episode, Shot
from storyboard.text.decimals import plain_decimal
from storyboard.text.printable import one_line


def storyboard_content(episode: Episode, wishes: Mapping[str, str]) -> ApprovalContent:
    """The episode's storyboard, to be approved. `wishes` are those of its plan, by SCENE/SHOT."""
    shots = [shot_told(shot.key, wishes[shot.key], dict(_parts(shot))) for shot in episode.shots]
    return ApprovalContent(
        subject=Subject.STORYBOARD,
        hash=hashed(["storyboard", [wishes[shot.key] for shot in episode.shots]]),
        told={"shots": list[JsonValue](shots)},
    )


def _parts(shot: Shot) -> Iterator[tuple[str, str]]:
    """What a person reads of it, each by its name; what is not written is left out."""
    texts = {
        "prompt": one_line(plain(shot.prompt)),
        "beats": "; ".join(f"{plain_decimal(beat.at_s)} s {one_line(plain(beat.prompt))}" for beat in shot.beats),
        "camera": one_line(plain(shot.camera)),
        "sound": one_line(plain(shot.sound)),
        "dialogue": "; ".join(f"{one_line(line.label)}: {one_line(line.text)}" for line in shot.dialogue),
        "length": "auto" if shot.duration_s is None else f"{plain_decimal(shot.duration_s)} s",
        "picture": f"{shot.resolution} {shot.aspect_ratio}{f' upscaled to {shot.upscale}' if shot.upscale else ''}",
        "continuity": shot.continuity.mode.value if shot.continuity.source is not None else "",
        "audio": "" if shot.audio else "silent",
        "without": ", ".join(each.value for each in shot.without),
        "seed": "" if shot.seed is None else str(shot.seed),
        "bible": "; ".join(f"{one_line(each.label)}: {one_line(each.text)}" for each in shot.descriptions),
        "references": ", ".join(f"{each.role.value} {one_line(each.label)}" for each in shot.named),
    }
    return ((name, text) for name, text in texts.items() if text)

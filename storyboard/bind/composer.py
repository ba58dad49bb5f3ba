"""Composes the prompt that a vendor gets: always in this order, each reference named once, with its token and its use.

    0. what it is made of     Edit @video1: keep everything that is not said otherwise here.   (see `reference_jobs`)
    1. how it begins          Begin exactly on @image1, the last frame of the shot before.
    2. the shot's prompt      Mara (@image2) lights the lamp.
    3. its beats              From 0.0 s: … From 2.5 s: …
    4. its dialogue           Mara says: "One more winter."
    5. camera                 Camera: slow push in.
    6. sound                  Sound: wind under the door.        (only where sound is bought)
    7. what was noted         Direction: the lamp stays lit.   (of rejected takes, where a producer says so)
    8. its length             The action completes within 1.5 seconds.   (where more is bought than used)
    9. the bible              Set in the lamp room (@image3): round, whitewashed. Mara: keeper of the lamp, …
    10. style                 Style of @image4: thick gouache, …
    11. extras                Also use @image5: match the colour of the sea. Move as in @video1.
    12. what is unwanted      No burnt-in captions or subtitles. No music.

Beats, dialogue and what is unwanted are written in the model's own form (`storyboard.prompt_forms`), here the default.

A name is introduced with its tokens where it is first said (`Mara (@image2, @image5)`) and stands alone after that.
Descriptions are taken over byte for byte, so that every prompt of a series says the same of the same person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from storyboard.bind.reference_jobs import WHOLE, job, lead, predicate
from storyboard.prompt_forms import DEFAULT_FORMS, PromptForms
from storyboard.request import Mode
from storyboard.shot import ContinuityMode, Description, MediaKind, Mention, Reference, Role, Shot, Use, Wording
from storyboard.text.decimals import plain_decimal
from storyboard.text.letters import capital


@dataclass(frozen=True, slots=True)
class Sent:
    """A reference that is sent, and the token by which the prompt points at it."""

    token: str
    reference: Reference


@dataclass(slots=True)
class _Speaker:
    """Writes names into the prompt: with their tokens the first time, alone after that."""

    unsaid: dict[str, list[Sent]]
    said: set[str] = field(default_factory=set)

    def say(self, name: str, label: str) -> str:
        self.said.add(name)
        sent = self.unsaid.pop(name, [])
        return f"{label} ({_jobs(sent)})" if sent else label

    def has_said(self, reference: Reference) -> bool:
        """Whether a text has called what a shot has named itself."""
        return reference.called and not reference.song and reference.name in self.said

    def text(self, wording: Wording) -> str:
        return "".join(self.say(part.name, part.label) if isinstance(part, Mention) else part for part in wording)


def compose(
    shot: Shot,
    sent: Sequence[Sent],
    *,
    opening: str | None,
    mode: Mode,
    billed_s: Decimal,
    forms: PromptForms = DEFAULT_FORMS,
) -> str:
    """The prompt that a vendor gets for this shot, with these references.

    `opening` is the continuity frame's token, "" where it is the literal first frame and needs none, None where the
    shot continues nothing. `forms` are the model's own.
    """
    orders = [each for each in sent if each.reference.use in WHOLE]
    styles, extras = _styles_and_extras([each for each in sent if each not in orders])
    speaker = _Speaker(_by_name([each for each in sent if each not in orders and not each.reference.song]))
    speakers = {line.label for line in shot.dialogue}
    sentences = [
        *(job(each.reference, _named(each), speakers) for each in orders),
        _opening(shot, opening, mode),
        speaker.text(shot.prompt),
        *_beats(shot, speaker, forms),
        *(forms.dialogue.write(speaker.say(line.cast, line.label), line.text) for line in shot.dialogue),
        _titled("Camera", speaker.text(shot.camera)),
        _titled("Sound", speaker.text(shot.sound) if shot.audio else ""),
        *(_titled("Direction", note) for note in shot.directions),
        _length(shot.duration_s, billed_s),
        *_bible(shot.descriptions, speaker),
        *_styles(shot.descriptions, styles),
        *(_extra(each, speakers) for each in extras if not speaker.has_said(each.reference)),
        " ".join(forms.without.write(each) for each in shot.without),
    ]
    return "\n".join(_ended(sentence) for sentence in sentences if sentence.strip())


def tokens_in(prompt: str, tokens: Mapping[MediaKind, str]) -> list[str]:
    """Everything in a prompt that this vendor would read as a token, in order and as written."""
    patterns = [re.escape(token).replace(r"\{n\}", r"\d+") for token in dict.fromkeys(tokens.values())]
    return re.findall("|".join(patterns), prompt, flags=re.IGNORECASE) if patterns else []


def _by_name(sent: Sequence[Sent]) -> dict[str, list[Sent]]:
    """What the texts can call: the bible's, and what the shot has named itself."""
    named: dict[str, list[Sent]] = {}
    for each in sent:
        if each.reference.role in {Role.CAST, Role.PROP, Role.LOCATION} or each.reference.called:
            named.setdefault(each.reference.name, []).append(each)
    return named


def _styles_and_extras(sent: Sequence[Sent]) -> tuple[list[Sent], list[Sent]]:
    """What the style is that of, and what has a sentence of its own: extras, and what a style names for another job."""
    styles = [each for each in sent if each.reference.role is Role.STYLE]
    plain = [each for each in styles if each.reference.use in {None, Use.STYLE}]
    extras = [each for each in sent if each.reference.role is Role.EXTRA]
    return plain, [*(each for each in styles if each not in plain), *extras]


def _opening(shot: Shot, token: str | None, mode: Mode) -> str:
    if token is None:
        return ""
    if mode is Mode.FIRST_FRAME:
        return _literal(shot)
    if shot.continuity.reanchor:
        return f"Keep the people, place and light of {token}, the first frame of this sequence."
    if shot.continuity.mode is ContinuityMode.TAIL_CLIP:
        return f"Go on without a break from {token}, the end of the shot before."
    return f"Begin exactly on {token}, the last frame of the shot before."


def _literal(shot: Shot) -> str:
    what = ", this sequence's first frame" if shot.continuity.reanchor else ", the last frame of the shot before"
    begin = f"Begin exactly on the first frame given{what if shot.first_frame is None else ''}."
    return f"{begin} End exactly on the last frame given." if shot.last_frame is not None else begin


def _beats(shot: Shot, speaker: _Speaker, forms: PromptForms) -> Iterator[str]:
    """Each beat until the next one begins, the last until the shot ends; the prompt itself holds before the first."""
    ends = [*(beat.at_s for beat in shot.beats[1:]), shot.duration_s]
    for beat, end_s in zip(shot.beats, ends, strict=False):
        yield forms.beat.write(speaker.text(beat.prompt), beat.at_s, end_s)


def _jobs(sent: Sequence[Sent]) -> str:
    """Pictures stand alone; a film is how somebody moves, a sound how they sound, or what is heard and not seen."""
    heard = _is_only_heard(sent)
    return ", ".join(_led(sent, lambda each: lead(each, heard=heard)))


def _unseen_jobs(sent: Sequence[Sent]) -> str:
    """The same as a sentence's predicate, for who or what has no picture."""
    heard = _is_only_heard(sent)
    return " and ".join(_led(sent, lambda each: predicate(each, heard=heard)))


def _is_only_heard(sent: Sequence[Sent]) -> bool:
    """Whether these are sounds of a thing or a place, and nothing else; a person's is always how they sound."""
    return all(each.reference.kind is MediaKind.AUDIO and each.reference.role is not Role.CAST for each in sent)


def _led(sent: Sequence[Sent], words: Callable[[Reference], str]) -> Iterator[str]:
    """Every reference after its words; those that follow each other with the same ones, without notes, share them."""
    for led, group in groupby(sent, key=lambda each: words(each.reference)):
        together = list(group)
        if led and not any(each.reference.note for each in together):
            yield led + " and ".join(each.token for each in together)
        else:
            yield from (f"{led}{_noted(each)}" for each in together)


def _named(each: Sent) -> str:
    """Its token, behind its name where texts call it by that."""
    return f"{each.reference.label} ({each.token})" if each.reference.called else each.token


def _noted(each: Sent) -> str:
    return f"{each.token}: {each.reference.note}" if each.reference.note else each.token


def _bible(descriptions: Sequence[Description], speaker: _Speaker) -> Iterator[str]:
    """Descriptions of place, people and things; a place that no text has named is said to be where it plays."""
    for each in descriptions:
        if each.role is Role.STYLE:
            continue
        if each.role is Role.LOCATION and each.name not in speaker.said:
            yield _titled(f"Set in {speaker.say(each.name, each.label)}", each.text, alone=True)
        elif each.text:
            yield _titled(capital(speaker.say(each.name, each.label)), each.text)
    for name, sent in list(speaker.unsaid.items()):
        if sent[0].reference.role is Role.EXTRA:
            continue
        if any(each.reference.kind is MediaKind.IMAGE for each in sent):
            yield f"With {speaker.say(name, sent[0].reference.label)}"
        else:
            yield f"{capital(sent[0].reference.label)} {_unseen_jobs(speaker.unsaid.pop(name))}"


def _styles(descriptions: Sequence[Description], sent: Sequence[Sent]) -> Iterator[str]:
    text = " ".join(each.text for each in descriptions if each.role is Role.STYLE and each.text)
    title = f"Style of {' and '.join(_noted(each) for each in sent)}" if sent else "Style"
    yield _titled(title, text, alone=bool(sent))


def _extra(each: Sent, speakers: Collection[str]) -> str:
    if each.reference.use is not None:
        return job(each.reference, _named(each) if each.reference.song else each.token, speakers)
    if each.reference.note:
        return f"Also use {_noted(each)}"
    jobs = {
        MediaKind.IMAGE: f"Also use {each.token} as a guide",
        MediaKind.VIDEO: f"Follow the movement of {each.token}",
        MediaKind.AUDIO: f"Follow the sound of {each.token}",
    }
    return jobs[each.reference.kind]


def _titled(title: str, text: str, *, alone: bool = False) -> str:
    return f"{title}: {text}" if text else title if alone else ""


def _length(used_s: Decimal | None, billed_s: Decimal) -> str:
    if used_s is None or used_s >= billed_s:
        return ""
    return f"The action completes within {plain_decimal(used_s)} second{'' if used_s == 1 else 's'}."


def _ended(sentence: str) -> str:
    sentence = sentence.strip()
    return sentence if sentence.endswith((".", "!", "?", "…", '"', "”", "。", "！", "？")) else f"{sentence}."

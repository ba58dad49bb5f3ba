"""The cards of an episode with every name resolved and every text filled: which stand where, and for how long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from storyboard.card_piece import (
    NO_CARD,
    Anchor,
    Card,
    CardGroup,
    CardKind,
    CardLook,
    CardText,
    Ground,
    Hold,
    PosterChoice,
)
from storyboard.continuity.timing import frame_count
from storyboard.errors import Position
from storyboard.expand.bible_lookup import SERIES_FILE, Bible
from storyboard.expand.card_texts import Blame, Filling, values_of
from storyboard.loading import Project
from storyboard.loading.project import card_file
from storyboard.model import EpisodeFile, SceneModel
from storyboard.model.builtin_cards import BUILTIN, builtin_card
from storyboard.model.cards import CardFile, CardItem, SceneCardItem, TextItem
from storyboard.shot import MasterFormat, Shot
from storyboard.text.suggestions import did_you_mean

CARD_S = Decimal(3)
"""Seconds that a card stands where nothing says how long."""

LONGEST_ROLL_S = Decimal(1800)
MOST_LINES = 2_000
"""Lines of one card at most: half an hour of credits."""

_EDGE = Decimal(10)  # percent from the picture's edges, where a text says only at which of them it stands


@dataclass(frozen=True, slots=True)
class _Where:
    """Gives positions within a value of a file."""

    project: Project
    file: str
    path: tuple[str | int, ...]

    def __call__(self, *within: str | int) -> Position:
        return self.project.at(self.file, *self.path, *within)


@dataclass(frozen=True, slots=True)
class _Use:
    """One use of a card as it is written, and where."""

    item: SceneCardItem
    kind: CardKind
    key: str
    where: _Where
    before: str | None
    scene: SceneModel | None = None
    first: bool = False  # whether no shot stands before it


def episode_cards(
    project: Project, written: EpisodeFile, bible: Bible, shots: Sequence[Shot], *, master: MasterFormat, blame: Blame
) -> tuple[Card, ...]:
    """The cards of an episode in the order of the story; `blame` is told what is wrong with them."""
    resolver = _Resolver(project, written, bible, shots, master, blame)
    return tuple(card for use in resolver.uses() for card in resolver.card(use))


def poster_choice(project: Project, written: EpisodeFile, shots: Sequence[Shot], blame: Blame) -> PosterChoice | None:
    """The moment that a producer wants as the poster; None where they do not say, or it cannot be."""
    if written.poster is None:
        return None
    file, wanted = project.episode_file(written.episode), written.poster
    by_key = {shot.key: shot for shot in shots}
    shot = by_key.get(wanted.shot)
    if shot is None:
        blame(
            project.at(file, "poster", "shot"), f"there is no shot {wanted.shot!r}{did_you_mean(wanted.shot, by_key)}"
        )
        return None
    if wanted.at is not None and shot.duration_s is not None and wanted.at >= shot.duration_s:
        blame(
            project.at(file, "poster", "at"),
            f"the poster is taken at {wanted.at} s, and {shot.key} ends at {shot.duration_s} s",
        )
        return None
    return PosterChoice(shot=wanted.shot, at_s=wanted.at)


@dataclass(frozen=True, slots=True)
class _Resolver:
    """One episode whose cards are resolved."""

    project: Project
    written: EpisodeFile
    bible: Bible
    shots: Sequence[Shot]
    master: MasterFormat
    blame: Blame

    # Where cards are used

    def uses(self) -> Iterator[_Use]:
        """Every use in the order of the story."""
        kinds = {"title_card": CardKind.TITLE, "credits_card": CardKind.CREDITS}
        around = [use for key, kind in kinds.items() for use in self._of_the_episode(key, kind)]
        for index, scene in enumerate(self.written.scenes):
            yield from (use for use in around if use.before == scene.id)
            yield from self._of_a_scene(index, scene)
        yield from (use for use in around if use.before is None)

    def _of_the_episode(self, key: str, kind: CardKind) -> Iterator[_Use]:
        item, at = self._nearest(key)
        if not isinstance(item, CardItem) or item.card == NO_CARD:
            return
        scenes = [scene.id for scene in self.written.scenes]
        before = item.before
        if before is not None and before not in scenes:
            self.blame(at("before"), f"there is no scene {before!r}{did_you_mean(before, scenes)}")
            return
        if before is None and (item.at or ("begin" if kind is CardKind.TITLE else "end")) == "begin":
            before = scenes[0]
        yield _Use(item, kind, kind.value, at, before, first=before == scenes[0])

    def _of_a_scene(self, index: int, scene: SceneModel) -> Iterator[_Use]:
        item, at = self._nearest("scene_card")
        if scene.card is not None:
            file = self.project.episode_file(self.written.episode)
            item, at = scene.card, _Where(self.project, file, ("scenes", index, "card"))
        if item is not None and item.card != NO_CARD:
            yield _Use(item, CardKind.SCENE, f"scene-{scene.id}", at, scene.id, scene, first=index == 0)

    def _nearest(self, key: str) -> tuple[SceneCardItem | None, _Where]:
        """What the episode says, else what the series does."""
        file = self.project.episode_file(self.written.episode)
        own, inherited = getattr(self.written, key), getattr(self.project.series, key)
        return (own or inherited, _Where(self.project, file if own else SERIES_FILE, (key,)))

    # What becomes of one

    def card(self, use: _Use) -> Iterator[Card]:
        """The card of one use; none where something is wrong with it."""
        found = self._template(use)
        if found is None:
            return
        template, file = found
        at = use.where if file is None else _Where(self.project, file, ())
        if not self._can_hold(use, template.background.hold, at("background", "hold")):
            return
        groups = self._groups(use, template, file)
        lines = sum(len(text.rows) for group in groups for text in group.texts)
        if lines > MOST_LINES:
            self.blame(at("texts"), f"this card has {lines:,} lines, and {MOST_LINES:,} is the most; leave some out")
            return
        seconds = use.item.length or template.length or self._rolling_s(template, groups)
        if seconds > LONGEST_ROLL_S:
            told = f"at this pace it rolls for {seconds:.0f} s; {LONGEST_ROLL_S} is the most. Raise `roll`"
            self.blame(at("roll"), told)
            return
        designed = template.length or self._rolling_s(template, groups)
        fades = template.fade_in + template.fade_out
        if fades > designed:
            told = f"fading in and out takes {float(fades):g} s, and the card stands for {float(designed):g} s"
            self.blame(at("fade_out"), told)
            return
        share = min(Decimal(1), seconds / designed)
        look = CardLook(
            ground=Ground(**dict(template.background), at=at("background", "picture")),
            groups=groups,
            fade_in_s=template.fade_in * share,
            fade_out_s=template.fade_out * share,
            fade=template.fade,
            rolls=template.roll is not None,
        )
        chapter = use.item.chapter if isinstance(use.item, CardItem) else None
        frames = frame_count(seconds, self.master.fps)
        yield Card(
            key=use.key, kind=use.kind, before=use.before, frames=frames, look=look, chapter=chapter, at=use.where()
        )

    def _template(self, use: _Use) -> tuple[CardFile, str | None] | None:
        """The card of this name, and its file where it has one; None where there is none, or none that can be used."""
        name = use.item.card
        if name in self.project.cards:
            own = self.project.cards[name]
            return (own, card_file(name)) if own else None  # what is wrong with it is told already
        if name in BUILTIN:
            return builtin_card(name), None
        known = [*self.project.cards, *BUILTIN, NO_CARD]
        self.blame(
            use.where(), f"there is no card {name!r}{did_you_mean(name, known) or f'; write it as {card_file(name)}'}"
        )
        return None

    def _can_hold(self, use: _Use, hold: Hold | None, at: Position) -> bool:
        if hold is Hold.PREVIOUS and use.first:
            self.blame(at, f"it holds the shot before it, and {use.key} stands before the first; write next")
        elif hold is Hold.NEXT and use.before is None:
            self.blame(at, f"it holds the shot after it, and {use.key} stands after the last; write previous")
        else:
            return True
        return False

    def _groups(self, use: _Use, template: CardFile, file: str | None) -> tuple[CardGroup, ...]:
        values = values_of(self.project.series, self.written, self.bible, self.shots, use.scene)
        fonts, fonts_at = self._card_font()
        filling = Filling(self.project, values, fonts, fonts_at, use.where(), file, self.blame)
        groups: list[CardGroup] = []
        placed, texts = TextItem(text="-", at=Anchor.CENTER), list[CardText]()
        for index, item in enumerate(template.texts):
            if item.at is not None:
                groups += _group(placed, texts)
                placed, texts = item, []
            text = filling.text(item, index, placed.at or Anchor.CENTER)
            texts += [] if text is None else [text]
        return (*groups, *_group(placed, texts))

    def _card_font(self) -> tuple[tuple[str, ...], tuple[Position, ...]]:
        """The fonts of texts that name none, and where each is written."""
        own = self.written.card_font
        fonts = own or self.project.series.card_font or ()
        file = self.project.episode_file(self.written.episode) if own else SERIES_FILE
        return fonts, tuple(self.project.at(file, "card_font", index) for index in range(len(fonts)))

    def _rolling_s(self, template: CardFile, groups: Sequence[CardGroup]) -> Decimal:
        """How long the texts take to roll from below the picture to above it; where they stand still, `CARD_S`."""
        if template.roll is None:
            return CARD_S
        texts = [text for group in groups for text in group.texts]
        lines = [text.size * text.line_spacing for text in texts for _ in text.rows] or [Decimal(5)]
        picture = Decimal(100) * self.master.height / min(self.master.width, self.master.height)
        way = sum(lines) + sum(text.gap for text in texts) + picture
        return way / (template.roll * sum(lines) / len(lines))


def _group(placed: TextItem, texts: Sequence[CardText]) -> list[CardGroup]:
    """The texts that stand where `placed` says; none where they have nothing to say."""
    anchor = placed.at or Anchor.CENTER
    x = _EDGE + anchor.across * (100 - 2 * _EDGE) if placed.x is None else placed.x
    y = _EDGE + anchor.down * (100 - 2 * _EDGE) if placed.y is None else placed.y
    return [CardGroup(anchor=anchor, x=x, y=y, texts=tuple(texts))] if texts else []

"""What the deliveries of a cut are made of: the master's picture, its mix at each loudness, its subtitles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from render.cards.card_fonts import FileOf
from render.deliveries.delivery_inputs import DeliveryInputs, Ingredient
from render.episode import cropped_seams
from render.episode.cropped_seams import CroppedSeams
from render.episode.cutting_room import KeptPieces
from render.episode.delivery_words import DeliveryWords
from render.episode.master_sound import MasterSound, wav_key
from render.episode.planned_master import PlannedMaster
from render.mix.stems import Stem
from storyboard.captions.caption import CaptionTrack, captions_within
from storyboard.delivery_formats import CHAPTERED, TITLED
from storyboard.sounds import LoudnessTarget
from storyboard.timeline.delivery_plan import DeliveryPlan

if TYPE_CHECKING:
    from render.context import RunContext
    from render.cut.join import MasterFacts
    from render.episode.manifest_records import CutShots
    from render.markers.labels import Labels


def with_what_is_said(plan: DeliveryPlan, tracks: Iterable[CaptionTrack]) -> DeliveryPlan:
    """The plan with those of its subtitles that have something to show in its part of the episode.

    `tracks` are the complete ones: a language in which a line is missing stays out of deliveries as it does out of the
    master, and the notes of the cut tell it.
    """
    shown = {each.language for each in tracks if captions_within(each.captions, plan.begin, plan.end)}
    wanted = plan.delivery
    soft = tuple(tag for tag in wanted.soft if tag in shown)
    burnt = wanted.burnt if wanted.burnt in shown else None
    return replace(plan, delivery=replace(wanted, soft=soft, burnt=burnt))


@dataclass(frozen=True, slots=True)
class DeliveryIngredients:
    """Gives what each delivery of one cut is made of; nothing of it is made before it is needed."""

    context: RunContext
    shots: CutShots
    planned: PlannedMaster
    master: MasterFacts
    folder: Path
    file_of: FileOf  # gives each file of the project

    def of(self, plan: DeliveryPlan) -> DeliveryInputs:
        """What this delivery is made of. Its subtitles are such as the cut has; see `with_what_is_said`."""
        loudness = plan.delivery.loudness or self.planned.score.loudness
        made = DeliveryInputs(
            picture=Ingredient(self.planned.picture, self._picture),
            mix=None if plan.delivery.sound is None else self._mix(loudness),
            seams=Ingredient(cropped_seams.RECIPE, partial(self._seams, plan)) if plan.seams else None,
            target=loudness,
            labels=self._labels(plan) if plan.delivery.kind in TITLED else None,
            soft={tag: self._words(plan, tag).soft() for tag in plan.delivery.soft},
        )
        if plan.delivery.burnt is None:
            return made
        drawn = self._words(plan, plan.delivery.burnt).drawn(self.shots.episode, self.file_of)
        return replace(made, burnt=drawn.script, fonts=drawn.fonts, fonts_key=drawn.fonts_key)

    def _labels(self, plan: DeliveryPlan) -> Labels:
        told = self.planned.labels.within(plan.begin, plan.end)
        return told if plan.delivery.kind in CHAPTERED else replace(told, chapters=())

    async def _picture(self) -> Path:
        return await self.context.in_thread(self.context.store.local_path, self.master.sha256, ".mp4")

    async def _seams(self, plan: DeliveryPlan) -> Path:
        drawing = CroppedSeams(
            pieces=self.shots.pieces,
            timeline=self.shots.timeline,
            master=self.shots.episode.master,
            burnt=self.planned.captions.burnt,
            kept=KeptPieces(self.context.store, self.context.derived),
            scratch=self.folder,
        )
        return await drawing.film(plan)

    def _mix(self, loudness: LoudnessTarget | None) -> Ingredient:
        async def made() -> Path:
            sound = MasterSound(self.context, self.planned, self.master, self.folder)
            return (await sound.wavs(loudness, [Stem.MIX]))[Stem.MIX]

        return Ingredient(wav_key(self.planned, loudness, Stem.MIX), made)

    def _words(self, plan: DeliveryPlan, tag: str) -> DeliveryWords:
        track = next(each for each in self.planned.captions.soft if each.language == tag)
        return DeliveryWords(self.context, plan, track, self.folder)

"""What the deliveries of a cut are made of: the master's picture, its mix at each loudness, its subtitles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex

from render.context import RunContext
from render.cut.join import MasterFacts
from render.deliveries.delivery_inputs import DeliveryInputs, Ingredient
from render.episode.master_sound import MasterSound, wav_key
from render.episode.planned_master import PlannedMaster
from render.mix.stems import Stem
from storyboard.captions.caption import CaptionTrack, captions_within
from storyboard.captions.srt import srt
from storyboard.shot import Episode
from storyboard.sounds import LoudnessTarget
from storyboard.timeline.delivery_plan import DeliveryPlan


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
    episode: Episode
    planned: PlannedMaster
    master: MasterFacts
    folder: Path

    def of(self, plan: DeliveryPlan) -> DeliveryInputs:
        """What this delivery is made of. Its subtitles are such as the cut has; see `with_what_is_said`."""
        loudness = plan.delivery.loudness or self.planned.score.loudness
        return DeliveryInputs(
            picture=Ingredient(self.planned.picture, self._picture),
            mix=None if plan.delivery.sound is None else self._mix(loudness),
            target=loudness,
            soft={tag: self._words(plan, tag) for tag in plan.delivery.soft},
            burnt=None if plan.delivery.burnt is None else self._words(plan, plan.delivery.burnt),
        )

    async def _picture(self) -> Path:
        return await self.context.in_thread(self.context.store.local_path, self.master.sha256, ".mp4")

    def _mix(self, loudness: LoudnessTarget | None) -> Ingredient:
        async def made() -> Path:
            sound = MasterSound(self.context, self.planned, self.master, self.folder)
            return (await sound.wavs(loudness, [Stem.MIX]))[Stem.MIX]

        return Ingredient(wav_key(self.planned, loudness, Stem.MIX), made)

    def _words(self, plan: DeliveryPlan, tag: str) -> Ingredient:
        """SubRip of one language, whose times count from the delivery's own beginning."""
        track = next(each for each in self.planned.captions.soft if each.language == tag)
        text = srt(captions_within(track.captions, plan.begin, plan.end), track.fps).encode()

        async def written() -> Path:
            target = self.folder / f"{token_hex(4)}.{tag}.srt"
            await self.context.in_thread(target.write_bytes, text)
            return target

        return Ingredient(hashlib.sha256(text).hexdigest(), written)

"""What the deliveries of a cut are made of: the master's picture, its mix at each loudness, its subtitles."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from render.context import RunContext
from render.cut.join import MasterFacts
from render.deliveries.delivery_inputs import DeliveryInputs, Ingredient
from render.episode.master_sound import MasterSound, wav_key
from render.episode.planned_master import PlannedMaster
from render.errors import MediaError
from render.mix.stems import Stem
from storyboard.captions.caption import CaptionTrack, captions_within
from storyboard.captions.srt import srt
from storyboard.shot import Episode
from storyboard.sounds import LoudnessTarget
from storyboard.timeline.delivery_plan import DeliveryPlan


@dataclass(frozen=True, slots=True)
class DeliveryIngredients:
    """Gives what each delivery of one cut is made of; nothing of it is made before it is needed."""

    context: RunContext
    episode: Episode
    planned: PlannedMaster
    master: MasterFacts
    folder: Path

    def of(self, plan: DeliveryPlan) -> DeliveryInputs:
        """What this delivery is made of. Raises MediaError where it asks for subtitles that there are none of."""
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
        track = self._track(plan, tag)
        text = srt(captions_within(track.captions, plan.begin, plan.end), track.fps).encode()

        async def written() -> Path:
            target = self.folder / f"{token_hex(4)}.{tag}.srt"
            await self.context.in_thread(target.write_bytes, text)
            return target

        return Ingredient(hashlib.sha256(text).hexdigest(), written)

    def _track(self, plan: DeliveryPlan, tag: str) -> CaptionTrack:
        for track in self.planned.captions.tracks:
            if track.language == tag and track.captions:
                return track
        raise MediaError(
            f"the delivery {plan.name} asks for subtitles in {tag}, and there are none",
            f"List {tag} in `delivery: {{subtitles: {{languages: […]}}}}` of series.yaml, or remove it there",
        )

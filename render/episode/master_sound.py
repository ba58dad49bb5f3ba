"""The mix of a cut as WAV files: its stems beside the master, and itself for deliveries, made of its kept blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from render.context import RunContext
from render.cut.join import MasterFacts
from render.episode.cutting_room import KeptPieces
from render.episode.manifest import BesideRecord
from render.episode.planned_master import PlannedMaster
from render.ledger import recipes
from render.mix.encoded_blocks import Treatment
from render.mix.mix_episode import mix_episode, mix_recipe
from render.mix.stems import Stem, write_stems
from storyboard.shot import Episode
from storyboard.sounds import LoudnessTarget

STEMS = (Stem.DIALOGUE, Stem.MUSIC, Stem.EFFECTS)
_RECIPE = "stems-1"


def wav_key(planned: PlannedMaster, loudness: LoudnessTarget | None, stem: Stem) -> str:
    """The name of everything that decides how such a file sounds."""
    return f"{_RECIPE}:{stem}:{mix_recipe(planned.score.plan, loudness)}"


@dataclass(frozen=True, slots=True)
class MasterSound:
    """Gives the mix of one cut as files of the store. `folder` is for what is not finished yet."""

    context: RunContext
    planned: PlannedMaster
    master: MasterFacts
    folder: Path

    async def wavs(self, loudness: LoudnessTarget | None, stems: Sequence[Stem]) -> dict[Stem, Path]:
        """These parts of the mix at this loudness: found, or written now. Raises MediaError."""
        found = {stem: await self._found(wav_key(self.planned, loudness, stem)) for stem in stems}
        missing = [stem for stem, path in found.items() if path is None]
        if missing:
            await self._write(loudness, missing)
            found |= {stem: await self._found(wav_key(self.planned, loudness, stem)) for stem in missing}
        return {stem: path for stem, path in found.items() if path is not None}

    async def stems(self, episode: Episode) -> list[BesideRecord]:
        """Dialogue, music and effects as files beside the master; together they are its mix. Raises MediaError."""
        loudness = self.planned.score.loudness
        records = []
        for stem, path in (await self.wavs(loudness, STEMS)).items():
            sha256 = await self.context.derived_blob(wav_key(self.planned, loudness, stem))
            name, size = f"{episode.episode}.{stem}.wav", path.stat().st_size
            records.append(BesideRecord(kind="stem", path=name, sha256=sha256 or "", bytes=size))
        return records

    async def _write(self, loudness: LoudnessTarget | None, stems: Sequence[Stem]) -> None:
        context, score = self.context, self.planned.score
        targets = {stem: self.folder / f"{token_hex(4)}-{stem}.wav" for stem in stems}
        kept = KeptPieces(context.store, context.derived)
        await write_stems(score.plan, score.sources, kept, targets, await self._treatment(loudness))
        for stem, target in targets.items():
            sha256 = await context.in_thread(context.store.put_made, target)
            await context.write(recipes.remember_derived, wav_key(self.planned, loudness, stem), sha256)

    async def _found(self, key: str) -> Path | None:
        context = self.context
        sha256 = await context.derived_blob(key)
        if sha256 is None:
            return None
        return await context.in_thread(context.store.local_path, sha256, ".wav")

    async def _treatment(self, loudness: LoudnessTarget | None) -> Treatment:
        """What brings the mix to this loudness: of the master's own it is known."""
        score = self.planned.score
        if loudness == score.loudness and self.master.treatment is not None:
            return self.master.treatment
        target = self.folder / f"{token_hex(4)}.m4a"
        kept = KeptPieces(self.context.store, self.context.derived)
        mixed = await mix_episode(score.plan, score.sources, kept, target, loudness=loudness)
        target.unlink()
        return mixed.treatment

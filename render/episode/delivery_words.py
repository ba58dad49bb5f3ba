"""The words that go into one delivery of a cut: SubRip for its tracks, and what is drawn into its picture."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from render.captions.burn_in import lettering
from render.captions.caption_fonts import BurnFont
from render.captions.delivery_fonts import delivery_font
from render.cards.card_fonts import FileOf
from render.context import RunContext
from render.deliveries.delivery_inputs import Ingredient
from storyboard.captions.ass_script import ass_script
from storyboard.captions.caption import Caption, CaptionTrack, captions_within
from storyboard.captions.srt import srt
from storyboard.shot import Episode, MasterFormat
from storyboard.timeline.delivery_plan import DeliveryPlan


@dataclass(frozen=True, slots=True)
class DrawnWords:
    """Words to be drawn, as ASS, and the folder with their font, which is there as soon as the script is."""

    script: Ingredient
    fonts: Path
    fonts_key: str


@dataclass(frozen=True, slots=True)
class DeliveryWords:
    """The words of one language in one delivery. Their times count from the delivery's own beginning."""

    context: RunContext
    plan: DeliveryPlan
    track: CaptionTrack
    folder: Path

    @property
    def captions(self) -> tuple[Caption, ...]:
        """What stands in its part of the master."""
        return captions_within(self.track.captions, self.plan.begin, self.plan.end)

    def soft(self) -> Ingredient:
        """A track of its own."""
        return self._written(srt(self.captions, self.track.fps), "srt")

    def drawn(self, episode: Episode, file_of: FileOf) -> DrawnWords:
        """Letters as large in its picture as the series wants them, in the font that it names.

        Tells what that font lacks. Raises MediaError where none has the letters.
        """
        picture, rules = self.plan.picture, episode.subtitles
        assert picture is not None
        assert rules is not None
        font, note = delivery_font(episode, [each.text for each in self.captions], self.track.language, file_of)
        if note is not None:
            self.context.watcher.note(f"the delivery {self.plan.name}: {note}")
        seen = MasterFormat(picture.width, picture.height, picture.fps)
        letters = lettering(font, self.captions, rules.size, seen)
        script = ass_script(self.captions, self.track.fps, letters.style)
        fonts = self.folder / f"fonts-{font.sha256[:16]}"
        return DrawnWords(self._written(script, "ass", font=font, fonts=fonts), fonts, font.sha256)

    def _written(
        self, text: str, ending: str, *, font: BurnFont | None = None, fonts: Path | None = None
    ) -> Ingredient:
        async def written() -> Path:
            target = self.folder / f"{token_hex(4)}.{self.track.language}.{ending}"
            await self.context.in_thread(target.write_text, text, "utf-8")
            if font is not None and fonts is not None:
                await self.context.in_thread(_lay_out, font, fonts)
            return target

        return Ingredient(hashlib.sha256(text.encode()).hexdigest(), written)


def _lay_out(font: BurnFont, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "font").write_bytes(font.content)

"""What is heard beside the clips, as it is written: recorded lines, effects, music cues, the mix and its loudness."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from storyboard.model.fields import Number, Seconds, ShotKeyText, Source, Spoken, Truth, Written, wrong
from storyboard.model.subtitles import LanguageTag
from storyboard.sounds import ClipSound

Decibels = Annotated[Number, Field(ge=-60, le=12)]
Length = Annotated[Number, Field(gt=0, le=3600)]
_SOUND = "wav, mp3, m4a, aac, flac, ogg or opus"


class SpokenItem(Written):
    """What a spoken line has of a recording of it."""

    file: Source | None = Field(
        None,
        description=f"A recording of the line within the project: {_SOUND}. Music and the clip make way for it. It "
        "changes nothing of what a vendor is asked.",
        examples=["sounds/mara-01.wav"],
    )
    at: Seconds | None = Field(
        None,
        description="When it is heard, in seconds of the shot as it is cut. By default recordings follow each other, "
        "and share the shot's free time; other lines are where they are measured in the clip, else over all of it.",
    )
    gain_db: Decibels = Field(Decimal(0), description="How much louder or softer the recording is heard, in decibels.")

    @field_validator("gain_db")
    @classmethod
    def _of_a_recording(cls, value: Decimal | None, told: ValidationInfo) -> Decimal | None:
        if value is not None and told.data.get("file") is None:
            raise wrong("is of the line's recording; name that with `file`")
        return value


class NarrationItem(SpokenItem):
    """A line that nobody in the picture speaks, from a file. It may run on under the next shots."""

    line: Spoken = Field(description="What is said; it is for subtitles, and no vendor is told.")
    translations: Mapping[LanguageTag, Spoken] = Field(
        {}, description="The same in the languages of the subtitles, by tag."
    )
    file: Source = Field(
        description=f"The recording within the project: {_SOUND}.", examples=["sounds/narrator-01.wav"]
    )


class EffectItem(Written):
    """A sound effect of a shot."""

    file: Source = Field(description=f"A sound within the project: {_SOUND}.", examples=["sounds/door.wav"])
    at: Seconds = Field(Decimal(0), description="When it begins, in seconds of the shot as it is cut.")
    gain_db: Decibels = Field(Decimal(0), description="How much louder or softer it is heard, in decibels.")
    fade_in: Seconds = Field(Decimal(0), description="Length of the fade at its beginning, in seconds.")
    fade_out: Seconds = Field(Decimal(0), description="Length of the fade at its end, in seconds.")
    loop: Truth = Field(False, description="Whether it begins again where it ends, until the shot does.")
    length: Length | None = Field(
        None, description="How long it is heard, in seconds. By default all of it; with `loop`, to the shot's end."
    )


class CueItem(Written):
    """Music under some shots of an episode, beside the music of the episode and its scenes."""

    source: Source = Field(
        description=f"Path of a sound within the project: {_SOUND}.", examples=["references/music/chase.mp3"]
    )
    from_shot: ShotKeyText = Field(description="The first shot that it lies under, as SCENE/SHOT.")
    to_shot: ShotKeyText | None = Field(None, description="The last one. By default the first one alone.")
    start: Annotated[Number, Field(ge=0, le=3600)] = Field(
        Decimal(0), description="Where in the file it begins, in seconds."
    )
    gain_db: Decibels = Field(Decimal(-18), description="How loud, in decibels; 0 leaves it as it is.")
    fade_in: Seconds = Field(Decimal(0), description="Length of the fade at its beginning, in seconds.")
    fade_out: Seconds = Field(Decimal(2), description="Length of the fade at its end, in seconds.")
    loop: Truth = Field(False, description="Whether it begins again where it is shorter than the shots.")
    clip_sound: ClipSound = Field(
        ClipSound.KEEP,
        description="What becomes of the clips' own sound under it: mute, duck (12 dB softer) or keep.",
    )


class MixItem(Written):
    """How the sound is mixed."""

    ducking_db: Annotated[Number, Field(ge=-48, le=0)] | None = Field(
        None,
        description="By how much music is lowered under speech, in decibels (-9); 0 leaves it alone. By default -12, "
        "and further where a line would not stand 12 LU over it.",
    )
    attack: Annotated[Number, Field(ge=0, le=5)] = Field(
        Decimal("0.15"), description="In how many seconds music goes down; it is down before the first word."
    )
    release: Annotated[Number, Field(ge=0, le=10)] = Field(
        Decimal("0.6"), description="In how many seconds it comes up again after the last word."
    )
    level_clips: Truth = Field(
        False, description="Whether the clips of neighbouring shots are brought within 1 LU of each other."
    )
    room_tone: Annotated[Source, Field(examples=["auto", "none", "sounds/room.wav"])] = Field(
        "auto",
        description="What is heard in a scene where no clip is: auto for the quietest second of its clips, again and "
        "again; none for silence; or a file.",
    )
    clip_under_lines: ClipSound = Field(
        ClipSound.DUCK, description="What becomes of a clip's own sound under recorded lines: mute, duck or keep."
    )


class LoudnessItem(Written):
    """A loudness in numbers."""

    lufs: Annotated[Number, Field(ge=-40, le=-5)] = Field(description="Integrated loudness of the programme, in LUFS.")
    true_peak_db: Annotated[Number, Field(ge=-12, le=0)] = Field(
        Decimal(-1), description="What true peaks stay under, in dBTP."
    )
    dialogue: Truth = Field(False, description="Whether it is measured where somebody speaks alone.")


Named = Literal["web", "broadcast", "streaming", "none"]


Loudness = Named | LoudnessItem
"""web, broadcast, streaming, none, or numbers."""

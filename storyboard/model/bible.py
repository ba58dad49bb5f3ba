"""The series bible: who and what appears in every episode, and the files that show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from storyboard.model.fields import (
    PROSE,
    Direction,
    Label,
    Moment,
    Name,
    Prose,
    ShotKeyText,
    Source,
    Truth,
    Written,
    path_or_take,
    wrong,
)
from storyboard.shot import ClipFrame, Use

Job = Literal["character", "style", "location", "motion", "camera", "voice", "music", "effects"]
"""What a reference of the bible may be used for; a shot's own may be edited or go on as well."""


class ReferenceItem(Written):
    """A file that steers a generation: a picture, a clip or a sound."""

    source: Source = Field(
        description="Path of the file within the project, with forward slashes, or an https URL. "
        "Images are png, jpg, jpeg or webp; videos mp4 or mov; sounds wav, mp3, m4a, aac, "
        "flac, ogg or opus."
    )
    note: Direction | None = Field(
        None, description="Its job, in your own words; goes into the prompt (`match the colour of the sea`)."
    )
    required: Truth = Field(
        False, description="Whether a vendor that takes fewer references is an error, instead of leaving this one out."
    )
    from_: Moment | None = Field(
        None,
        alias="from",
        description="Of a video or a sound: the second at which the part that is meant begins; negative: from its end. "
        "By default its beginning.",
    )
    to: Moment | None = Field(
        None,
        description="The second at which that part ends; negative: from its end. By default its end. Longer than the "
        "vendor takes is an error.",
    )
    use: Job | None = Field(
        None,
        description="Its job: character, style or location of a picture or video, motion or camera of a video, voice, "
        "music or effects of a sound; the prompt says so. By default what its place and kind make plain.",
    )


class ShotReferenceItem(ReferenceItem):
    """A file for one shot alone, or what another shot of the episode made: `source`, or `shot`."""

    source: Source | None = Field(  # type: ignore[assignment]  # a file has a source, an own take none
        None, description="A file: path within the project, with forward slashes, or an https URL."
    )
    name: Name | None = Field(
        None,
        description="How this shot's texts call it, as in `{{ boat }}`: a name that the bible does not have. Several "
        "of one name are called together. Without it, or where no text calls it, a sentence of its own introduces it.",
    )
    shot: ShotKeyText | None = Field(
        None, description="An own take: the shot that made it, as SCENE/SHOT of the same episode. It is never left out."
    )
    take: Annotated[StrictInt, Field(ge=1, le=1_000_000)] | None = Field(
        None,
        description="Which of that shot's takes, by number. By default the one that the cut uses, whichever that is.",
    )
    frame: ClipFrame | None = Field(
        None,
        description="first or last: one frame of that take, as a picture; the last is that of the part that the cut "
        "uses. By default its clip, as far as the cut uses it.",
    )

    use: Use | None = Field(  # type: ignore[assignment]  # more than in the bible
        None,
        description="Its job, as in the bible; or edit (this video is changed: what is not said otherwise stays) or "
        "extend (the shot goes on from its end), which no more than one reference of a shot can have.",
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.source is None) == (self.shot is None):
            raise wrong("names either a file (`source`) or what another shot made (`shot: SCENE/SHOT`)")
        if self.shot is None and (self.take, self.frame) != (None, None):
            raise wrong("`take` and `frame` go with `shot: SCENE/SHOT`, not with a file")
        return self


def _path_or_item(written: Any) -> Any:
    return {"source": written} if isinstance(written, str) else written


Reference = Annotated[
    ReferenceItem, BeforeValidator(_path_or_item, json_schema_input_type=Source | ReferenceItem), PROSE
]
References = Annotated[tuple[Reference, ...], Field(max_length=30)]

ShotReference = Annotated[
    ShotReferenceItem,
    BeforeValidator(path_or_take, json_schema_input_type=Source | ShotReferenceItem),
    PROSE,
]
ShotReferences = Annotated[tuple[ShotReference, ...], Field(max_length=30)]


class Look(Written):
    """A variant of a cast member, called as `{{ mara.storm }}`. Its references take the place of the member's."""

    description: Prose = Field("", description="What is different; added to the member's description.")
    references: References = Field((), description="Files that show this look, sent in place of the member's own.")


class CastMember(Written):
    """Someone (or something) who appears in shots; called as `{{ mara }}`, which sends the references."""

    name: Label | None = Field(None, description="How prompts call them. By default the id, in title case.")
    description: Prose = Field("", description="One sentence that every prompt naming them repeats, byte for byte.")
    references: References = Field((), description="Files that show them.")
    looks: Mapping[Name, Look] = Field({}, description="Variants, by name: other clothes, other ages.")


class Location(Written):
    """A place. Scenes and shots take it with `location:`; prompts may also call it by name."""

    name: Label | None = Field(None, description="How prompts call it. By default the id, with spaces.")
    description: Prose = Field("", description="One sentence that every prompt of a shot there repeats.")
    references: References = Field((), description="Files that show it.")


class Prop(Written):
    """A thing that must look the same each time; called as `{{ logbook }}`."""

    name: Label | None = Field(None, description="How prompts call it. By default the id, with spaces.")
    description: Prose = Field("", description="One sentence that every prompt naming it repeats.")
    references: References = Field((), description="Files that show it.")


class Style(Written):
    """How everything looks. Taken with `style:`."""

    description: Prose = Field("", description="One sentence that every prompt in this style repeats.")
    references: References = Field((), description="Files whose style is to be followed.")

"""The picture on which a shot begins or ends, as it is written: a file, or one frame of what a shot made."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from storyboard.model.fields import PROSE, ShotKeyText, Source, Written, path_or_take, wrong
from storyboard.shot import ClipFrame


class FrameItem(Written):
    """A picture that is literally a clip's first or last one: `source`, or `shot` with `frame`."""

    source: Source | None = Field(
        None, description="A picture: path within the project, with forward slashes, or an https URL."
    )
    shot: ShotKeyText | None = Field(
        None, description="A shot's own frame: the shot that made it, as SCENE/SHOT of the same episode."
    )
    take: Annotated[StrictInt, Field(ge=1, le=1_000_000)] | None = Field(
        None,
        description="Which of that shot's takes, by number. By default the one that the cut uses, whichever that is.",
    )
    frame: ClipFrame | None = Field(
        None, description="first or last: which frame of that take; the last is that of the part that the cut uses."
    )

    @model_validator(mode="after")
    def _one_picture(self) -> Self:
        if (self.source is None) == (self.shot is None):
            raise wrong("names either a picture (`source`) or a frame of what a shot made (`shot: SCENE/SHOT`)")
        if self.shot is None and (self.take, self.frame) != (None, None):
            raise wrong("`take` and `frame` go with `shot: SCENE/SHOT`, not with a file")
        if self.shot is not None and self.frame is None:
            raise wrong("a whole clip is no frame; say which one with `frame: first` or `frame: last`")
        return self


Frame = Annotated[FrameItem, BeforeValidator(path_or_take, json_schema_input_type=Source | FrameItem), PROSE]

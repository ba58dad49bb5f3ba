"""A shot as it is written, and the defaults that fall from series to episode to scene to shot; the nearest wins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StrictInt

from storyboard.model.bible import ShotReferences
from storyboard.model.cards import SceneCard
from storyboard.model.cuts import CutTime, HoldItem, Speed, TransitionKey
from storyboard.model.delivery import Decibels, Model, MusicItem
from storyboard.model.delivery_items import Focus
from storyboard.model.fields import (
    AspectRatio,
    Direction,
    Duration,
    Name,
    Notes,
    Providers,
    Resolution,
    Seconds,
    ShotKeyText,
    Slug,
    Spoken,
    TailSeconds,
    Template,
    Title,
    Truth,
    Upscale,
    Without,
    Written,
)
from storyboard.model.frame_item import Frame
from storyboard.model.sound import EffectItem, NarrationItem, SpokenItem
from storyboard.model.subtitles import LanguageTag
from storyboard.shot import ContinuityMode
from storyboard.subtitle_rules import SubtitlePlace


class Defaults(Written):
    """What a shot inherits where it says nothing itself; what is left out here, the next level up decides."""

    provider: Providers | None = Field(
        None,
        description="Who makes the shot: one vendor, or several in order of preference. By default animatic, which is "
        "drawn on this machine and costs nothing; `tailframe doctor` lists the hosted vendors.",
    )
    model: Model | None = Field(None, description="The vendor's model. By default the vendor's best known one.")
    resolution: Resolution | None = Field(None, description="Size that is generated. By default 720p.")
    upscale: Upscale | None = Field(
        None,
        description="Size that the vendor makes the clip larger to, at a surcharge; none takes back what is "
        "inherited. By default it stays as generated.",
    )
    aspect_ratio: AspectRatio | None = Field(
        None, description='Shape of the picture, or auto for whatever the vendor chooses. By default "16:9".'
    )
    audio: Truth | None = Field(None, description="Whether the vendor makes sound too. By default true.")
    seed: Annotated[StrictInt, Field(ge=0, le=4_294_967_295)] | None = Field(
        None, description="Seed of the generation, where the vendor takes one. By default one of Tailframe's own."
    )
    duration: Duration | None = Field(
        None,
        description="Length in seconds, fractions allowed, or auto for whatever the vendor delivers. By default 5.",
    )
    camera: Direction | None = Field(None, description="What the camera does (`slow push in`). A template.")
    sound: Direction | None = Field(None, description="What is heard (`wind under the door`). A template.")
    without: Without | None = Field(
        None,
        description="What must not be in the clip: captions (burnt-in captions and subtitles), music, or both. The "
        "vendor is asked so in words. An empty list takes back what is inherited. By default nothing is said of it.",
    )
    style: Name | None = Field(None, description="Name of a style.")
    location: Name | None = Field(None, description="Name of a location.")
    continuity: ContinuityMode | None = Field(
        None,
        description="How the shot begins where another ended: none, tail_frame (its last frame as a reference image), "
        "first_frame (as the literal first frame, giving up the references) or tail_clip (its last seconds as a "
        "reference video). By default tail_frame within a scene, and none for a scene's first shot.",
    )
    tail_clip_s: TailSeconds | None = Field(
        None, description="With continuity tail_clip: how many of the last seconds are sent. By default 2."
    )
    max_chain: Annotated[StrictInt, Field(ge=1, le=100)] | None = Field(
        None, description="After how many links a chain goes back to the frame it began with. By default 4."
    )
    takes: Annotated[StrictInt, Field(ge=1, le=16)] | None = Field(
        None, description="How many takes to make. By default 1."
    )
    transition: TransitionKey | None = Field(
        None,
        description="How its picture follows the one before it: a kind, or a kind and a length. Before the first shot "
        "of an episode there is black, or white. By default cut.",
    )
    mute: Truth | None = Field(
        None, description="Whether the clip's own sound is left out of the cut. By default false."
    )
    gain_db: Decibels | None = Field(
        None, description="How loud the clip's own sound is in the cut, in decibels; 0 leaves it as it is."
    )
    focus: Focus | None = Field(
        None,
        description="What a delivery of another shape keeps in the picture where it crops: left, center, right, top, "
        "bottom, or a point of the master's picture as {x: 0.3, y: 0.5}. By default center.",
    )


class DialogueLine(SpokenItem):
    """One spoken line."""

    cast: Name = Field(description="Who speaks: the id of a cast member.")
    line: Spoken = Field(description="What is said.")
    translations: Mapping[LanguageTag, Spoken] = Field(
        {},
        description="The same in the languages of the subtitles, by tag. Under the series' own language, what is shown "
        "in place of the line itself. A line break that is written stays one.",
    )
    subtitle: SubtitlePlace | None = Field(
        None, description="Where its subtitle stands: bottom, top, or none where it is not shown. By default bottom."
    )


class BeatItem(Written):
    """A cut or a moment inside one generation."""

    at: Seconds = Field(description="Seconds after the shot begins.")
    prompt: Template = Field(description="What happens from then on. A template, like the shot's prompt.")


class ShotModel(Defaults):
    """One shot. Only `id` and `prompt` are needed."""

    id: Slug = Field(description='The shot\'s name within its scene, in quotes: "010".')
    prompt: Template = Field(
        description="What is seen. Cast, looks, props and locations are called by name, as in "
        "`{{ mara }} lights the lamp`, and naming them sends their references."
    )
    dialogue: Annotated[tuple[DialogueLine, ...], Field(max_length=50)] = Field((), description="Spoken lines.")
    narration: Annotated[tuple[NarrationItem, ...], Field(max_length=50)] = Field(
        (), description="Lines that nobody in the picture speaks, from files. They are no part of what is bought."
    )
    effects: Annotated[tuple[EffectItem, ...], Field(max_length=100)] = Field(
        (), description="Sound effects, from files. They are no part of what is bought."
    )
    beats: Annotated[tuple[BeatItem, ...], Field(max_length=50)] = Field(
        (), description="Cuts or moments inside the shot, in order of time."
    )
    references: ShotReferences = Field(
        (), description="Files for this shot alone, beyond those of what it names; or takes of other shots."
    )
    first_frame: Frame | None = Field(
        None,
        description="The picture on which the shot begins, literally, in place of continuity: a file, or a frame of "
        "what a shot made. It gives up the references.",
    )
    last_frame: Frame | None = Field(
        None,
        description="The picture on which the shot ends, literally. It goes with a first: `first_frame`, or the last "
        "frame of the shot that it continues, which is then sent as in `continuity: first_frame`.",
    )
    continues: ShotKeyText | None = Field(
        None,
        description="The shot that this one continues, as SCENE/SHOT of the same episode. "
        "By default the previous shot of the scene.",
    )
    in_: CutTime | None = Field(
        None,
        alias="in",
        description="Where in its clip the cut begins to show it, in seconds or in frames of the master such as 12f. "
        "By default at the clip's beginning. Nothing is bought again for it.",
    )
    out: CutTime | None = Field(
        None,
        description="Where in its clip the cut leaves it, within what is bought; a negative one counts back from its "
        "`duration`. By default after its duration. It moves the frame on which the next shot begins.",
    )
    speed: Speed | None = Field(
        None, description="How fast the cut plays it: 0.5 to 2, at its own pitch. By default 1."
    )
    hold: HoldItem = Field(HoldItem(), description="How long its first and last frame stand still in the cut.")
    sound_from: CutTime | None = Field(
        None,
        description="When its sound takes over from that of the shot before, beside its picture: -0.5 is half a second "
        "earlier, 0.5 later. By default with its picture.",
    )
    notes: Notes = Field("", description="For people only; never sent to a vendor.")


class SceneModel(Written):
    """Shots that share a place and a time."""

    id: Slug = Field(description="The scene's name within its episode.")
    title: Title | None = Field(None, description="For people, and for the slates. By default the id.")
    location: Name | None = Field(None, description="Where it plays: the id of a location.")
    style: Name | None = Field(None, description="The id of a style, where it differs from the episode's.")
    music: MusicItem | None = Field(
        None,
        description="Music of its own. The episode's waits under this scene, and goes on after it where it stopped.",
    )
    transition: TransitionKey | None = Field(
        None, description="How its first picture follows the scene before. By default as its first shot says."
    )
    card: SceneCard | None = Field(None, description="A card before this scene, in place of the `scene_card`.")
    defaults: Defaults = Field(Defaults(), description="What the shots of this scene inherit.")
    shots: Annotated[tuple[ShotModel, ...], Field(min_length=1, max_length=500)] = Field(
        description="The shots, in story order."
    )

"""The two files of a project: the series, and each of its episodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from storyboard.model.bible import CastMember, Location, Prop, Style
from storyboard.model.cards import Credits, EpisodeCard, Fonts, Poster, SceneCard
from storyboard.model.cuts import TransitionKey
from storyboard.model.delivery import ApprovalItem, Budget, Delivery, MusicItem, PriceItem
from storyboard.model.delivery_items import Deliveries
from storyboard.model.fields import Label, Name, Slug, Title, Written
from storyboard.model.shots import Defaults, SceneModel
from storyboard.model.sound import CueItem, MixItem
from storyboard.model.subtitles import LanguageTag
from storyboard.model.vendors import Vendors

Version = Literal[1]


class SeriesFile(Written):
    """`series.yaml`: what all episodes share."""

    version: Version = Field(description="Version of this format; this Tailframe reads version 1.")
    series: Slug = Field(
        description="The series' id, in the ledger and the archive. Do not change it once you have paid."
    )
    title: Title = Field(description="The series' title, for people.")
    language: LanguageTag | None = Field(
        None, description="The language in which the lines of dialogue are written, as a BCP 47 tag. Subtitles need it."
    )
    defaults: Defaults = Field(Defaults(), description="What every shot inherits where nothing nearer says otherwise.")
    mix: MixItem = Field(MixItem(), description="How the sound of every episode is mixed.")
    delivery: Delivery = Field(Delivery(), description="The format of what is handed over.")
    deliveries: Deliveries = Field(
        (), description="What is handed over of every episode beside its master: other sizes, shapes and codecs."
    )
    cast: Mapping[Name, CastMember] = Field({}, description="Who appears, by id.")
    locations: Mapping[Name, Location] = Field({}, description="Where it plays, by id.")
    props: Mapping[Name, Prop] = Field({}, description="Things that must look the same each time, by id.")
    styles: Mapping[Name, Style] = Field({}, description="How things look, by id.")
    budget: Budget = Field(Budget(), description="The most that may be spent, in US dollars.")
    approval: ApprovalItem = Field(
        ApprovalItem(), description="What must be approved before anything is paid for. By default nothing."
    )
    prices: Annotated[tuple[PriceItem, ...], Field(max_length=200)] = Field(
        (), description="What vendors charge you. One below the published price is proven by one order first."
    )
    vendors: Vendors = Field(Vendors(), description="Who pays vendors, where they ask for it by series.")
    title_card: EpisodeCard | None = Field(
        None, description="A title card for every episode: the name of a card, or where it stands and how long."
    )
    scene_card: SceneCard | None = Field(None, description="A card before every scene, as of a name.")
    credits_card: EpisodeCard | None = Field(None, description="A credit card for every episode.")
    card_font: Fonts | None = Field(
        None, description="A font file of the project, or several, for texts of cards that name none."
    )
    credits: Credits = Field((), description="The credits of every episode, below its own.")


class EpisodeFile(Written):
    """`episodes/ID.yaml`: one episode, scene by scene."""

    version: Version = Field(description="Version of this format; this Tailframe reads version 1.")
    episode: Slug = Field(description="The episode's id; the same as the name of its file.")
    title: Title = Field(description="The episode's title, for people.")
    style: Name | None = Field(None, description="The id of the style that all scenes share.")
    music: MusicItem | None = Field(None, description="Music under the whole episode.")
    cues: Annotated[tuple[CueItem, ...], Field(max_length=200)] = Field(
        (), description="Music under some of its shots, beside that of the episode and its scenes."
    )
    end_transition: TransitionKey | None = Field(
        None, description="How its last picture goes: to black, or to white. By default it stops."
    )
    deliveries: Deliveries = Field(
        (), description="What is handed over of this episode alone, beside the series' deliveries: a teaser of its own."
    )
    defaults: Defaults = Field(Defaults(), description="What the shots of this episode inherit.")
    title_card: EpisodeCard | None = Field(
        None, description="A title card, in place of the series': the name of a card, or where it stands and how long."
    )
    scene_card: SceneCard | None = Field(None, description="A card before every scene, in place of the series'.")
    credits_card: EpisodeCard | None = Field(None, description="A credit card, in place of the series'.")
    card_font: Fonts | None = Field(None, description="A font for cards, in place of the series'.")
    credits: Credits = Field((), description="The credits of this episode; those of the series stand below them.")
    approval: ApprovalItem = Field(
        ApprovalItem(), description="What must be approved of this episode; each key in place of the series' own."
    )
    released: Label | None = Field(
        None, description="When it is released, as cards are to show it (`4 December 2026`)."
    )
    poster: Poster | None = Field(
        None,
        description="The picture that stands for the episode: a shot as SCENE/SHOT, or with the second of it. By "
        "default the middle of the first shot that is not black.",
    )
    scenes: Annotated[tuple[SceneModel, ...], Field(min_length=1, max_length=200)] = Field(
        description="The scenes, in story order."
    )

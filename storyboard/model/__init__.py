"""What may a producer write? `series.yaml`, one file an episode and one a card, as frozen pydantic models.

Every field carries a description; the JSON Schemas for editors and `docs/yaml.md` are made from them
(`python -m storyboard.schema`). Nothing here is resolved: None means "left out", and `storyboard.expand` decides.
"""

from __future__ import annotations

from storyboard.model.bible import CastMember, Location, Look, Prop, ReferenceItem, ShotReferenceItem, Style
from storyboard.model.cards import CardFile, CardItem, CreditItem, PosterItem, SceneCardItem
from storyboard.model.cuts import HoldItem, TransitionItem
from storyboard.model.delivery import ApprovalItem, Budget, Delivery, Master, MusicItem, PriceItem
from storyboard.model.delivery_items import (
    AudioItem,
    DeliveryFile,
    DeliverySubtitles,
    FocusPoint,
    VideoItem,
)
from storyboard.model.frame_item import FrameItem
from storyboard.model.project_files import EpisodeFile, SeriesFile
from storyboard.model.shots import BeatItem, Defaults, DialogueLine, SceneModel, ShotModel
from storyboard.model.sound import CueItem, EffectItem, LoudnessItem, MixItem, NarrationItem
from storyboard.model.subtitles import SubtitleLimits, Subtitles
from storyboard.model.vendors import OxenItem, Vendors

__all__ = [
    "ApprovalItem",
    "AudioItem",
    "BeatItem",
    "Budget",
    "CardFile",
    "CardItem",
    "CastMember",
    "CreditItem",
    "CueItem",
    "Defaults",
    "Delivery",
    "DeliveryFile",
    "DeliverySubtitles",
    "DialogueLine",
    "EffectItem",
    "EpisodeFile",
    "FocusPoint",
    "FrameItem",
    "HoldItem",
    "Location",
    "Look",
    "LoudnessItem",
    "Master",
    "MixItem",
    "MusicItem",
    "NarrationItem",
    "OxenItem",
    "PosterItem",
    "PriceItem",
    "Prop",
    "ReferenceItem",
    "SceneCardItem",
    "SceneModel",
    "SeriesFile",
    "ShotModel",
    "ShotReferenceItem",
    "Style",
    "SubtitleLimits",
    "Subtitles",
    "TransitionItem",
    "Vendors",
    "VideoItem",
]

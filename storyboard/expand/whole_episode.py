"""An episode around its shots: its music, its cards, how it ends, what it may cost; and what is wrong between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from storyboard.approval_rules import ApprovalRules
from storyboard.errors import Position
from storyboard.expand.bible_lookup import SERIES_FILE, Bible
from storyboard.expand.continuities import continuities, link_by_place
from storyboard.expand.delivery_list import deliveries
from storyboard.expand.edits import end_transition, refused_edits
from storyboard.expand.episode_cards import episode_cards, poster_choice
from storyboard.expand.inheritance import Place
from storyboard.expand.music import episode_music, made_to_songs, scene_music, unmeasured
from storyboard.expand.own_takes import with_used_lengths, without_wrong_takes
from storyboard.expand.sound_items import episode_cues, late_sounds, loudness_target, mix_settings, shot_sounds
from storyboard.expand.spoken_lines import subtitle_rules
from storyboard.loading import Project
from storyboard.model import ApprovalItem, EpisodeFile, PriceItem
from storyboard.shot import Caps, Episode, MasterFormat, Price, Shot


@dataclass(frozen=True, slots=True)
class Mistakes:
    """Where to tell of mistakes: those of one shot, which then cannot be relied on, and those of an episode."""

    of_shot: Callable[[Place, Position, str], None]
    of_episode: Callable[[Position, str], None]


def whole_episode(
    project: Project,
    written: EpisodeFile,
    bible: Bible,
    places: Sequence[Place],
    shots: Sequence[Shot],
    *,
    master: MasterFormat,
    mistakes: Mistakes,
) -> Episode:
    """The episode of these shots, each resolved by itself, at its place in the file; chains are drawn here."""
    by_key = {place.key: place for place in places}
    continuity = continuities(places, {shot.key: shot for shot in shots}, mistakes.of_shot)
    heard = {place.key: shot_sounds(place) for place in places}
    links = {place.key: link_by_place(place) for place in places}
    whole = [
        replace(shot, continuity=continuity[shot.key], link_by_place=links[shot.key], sounds=heard[shot.key])
        for shot in shots
    ]
    chained = with_used_lengths(whole)
    music, scenes = episode_music(project, written), scene_music(project, written)
    for key, told in unmeasured(shots, music, scenes):
        mistakes.of_shot(by_key[key], by_key[key].inherited_at("duration"), told)
    end = end_transition(project, written, master.fps)
    for place, at, told in refused_edits(places, shots, music, scenes, end):
        mistakes.of_shot(place, at, told)
    for place, shot in zip(places, shots, strict=True):
        for at, told in late_sounds(place, shot):
            mistakes.of_shot(place, at, told)
    chained = made_to_songs(project, chained, music, scenes)
    return Episode(
        series=project.series.series,
        series_title=project.series.title,
        episode=written.episode,
        title=written.title,
        shots=without_wrong_takes(chained, lambda key, at, told: mistakes.of_shot(by_key[key], at, told)),
        master=master,
        music=music,
        caps=Caps(**dict(project.series.budget)),
        prices=tuple(_price(project, index, item) for index, item in enumerate(project.series.prices)),
        scene_music=scenes,
        language=project.series.language,
        subtitles=subtitle_rules(project, master),
        deliveries=deliveries(project, written, master, chained, mistakes.of_episode),
        end_transition=end,
        cards=episode_cards(project, written, bible, chained, master=master, blame=mistakes.of_episode),
        poster=poster_choice(project, written, chained, mistakes.of_episode),
        cues=episode_cues(project, written, chained, mistakes.of_episode),
        mix=mix_settings(project),
        loudness=loudness_target(project),
        stems=project.series.delivery.stems,
        approval=_approval(project.series.approval, written.approval),
    )


def _approval(series: ApprovalItem, episode: ApprovalItem) -> ApprovalRules:
    """What must be approved of the episode: each key as the episode has it, else as the series has it."""

    def nearest(key: str) -> Any:
        own = getattr(episode, key)
        return getattr(series, key) if own is None else own

    return ApprovalRules(
        storyboard=bool(nearest("storyboard")), animatic=bool(nearest("animatic")), spend_usd=nearest("spend_usd")
    )


def _price(project: Project, index: int, item: PriceItem) -> Price:
    amount = "usd_per_second_with_video" if item.usd_per_second_with_video == 0 else "usd_per_second"
    return Price(**dict(item), at=project.at(SERIES_FILE, "prices", index, amount))

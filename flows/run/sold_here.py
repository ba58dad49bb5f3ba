"""What vendors sell to a project here: as their settings, its store, and the vendors beside them allow."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from flows.run.examine_references import LinkFacts, facts_of
from render.errors import BadSetting
from render.providers.registry import built_in_names, capabilities_of
from render.references.url_references import store_reaches
from storyboard.capabilities import Capabilities
from storyboard.errors import InvalidProject, NoSuchName
from storyboard.plan.project_check import check
from storyboard.shot import ContinuityMode, Episode, Shot

__all__ = ["capabilities_here", "sold_to"]


def capabilities_here(
    name: str, environment: Mapping[str, str], store_url: str | None, *, advised: bool = True
) -> Capabilities:
    """What a vendor sells, and what it needs others for: references that cannot reach it from a store at this address.

    Where `advised`, also who begins on a literal first frame, ends on a last one or makes clips larger, where it
    cannot: that loads the other vendors, and only what a refusal says depends on it.
    """
    sold = capabilities_of(name, environment)
    if advised:
        sold = replace(
            sold,
            first_frame_vendors=_others_that(_has_first_frames, sold, environment),
            last_frame_vendors=_others_that(_has_last_frames, sold, environment),
            upscale_vendors=_others_that(_has_upscales, sold, environment),
        )
    if store_url and store_reaches(sold.origin, store_url, environment):
        return sold
    return sold.without_links()


def _has_first_frames(sold: Capabilities) -> bool:
    return any(model.first_frame_model for model in sold.models.values())


def _has_last_frames(sold: Capabilities) -> bool:
    return any(model.first_frame_model and model.last_frame for model in sold.models.values())


def _has_upscales(sold: Capabilities) -> bool:
    return any(model.upscales for model in sold.models.values())


def _others_that(
    have: Callable[[Capabilities], bool], sold: Capabilities, environment: Mapping[str, str]
) -> tuple[str, ...]:
    """Who has what this vendor has not; none where it has it.

    Those built in: to look for others takes longer than a plan. One whose settings are wrong is not advised.
    """
    found: list[str] = []
    for name in () if have(sold) else built_in_names():
        with contextlib.suppress(BadSetting):
            if have(capabilities_of(name, environment)):
                found.append(name)
    return tuple(found)


def sold_to(
    root: Path,
    episode: Episode,
    environment: Mapping[str, str],
    store_url: str | None,
    links: LinkFacts,
    *,
    asked_for: str | None,
) -> dict[str, Capabilities]:
    """What each vendor sells that any shot names; one that there is not is told where it is written.

    One that was named on the command line is written nowhere.
    """
    names = sorted({name for shot in episode.shots for name in shot.providers})
    try:
        advised = any(map(_asks_for_more, episode.shots))
        return {name: capabilities_here(name, environment, store_url, advised=advised) for name in names}
    except NoSuchName:
        if asked_for is not None:
            raise
        mistakes = check(
            root,
            episode.episode,
            lambda name: capabilities_here(name, environment, store_url),
            lambda project, expanded: facts_of(project, expanded, links),
        )
        raise InvalidProject(mistakes) from None


def _asks_for_more(shot: Shot) -> bool:
    """Whether a shot asks for something that not every vendor sells."""
    literal = shot.continuity.mode is ContinuityMode.FIRST_FRAME or shot.first_frame or shot.last_frame
    return bool(literal or shot.upscale or shot.resolution == "4k")

"""Holds the newest archive of an episode against what it promises, byte by byte."""

from dataclasses import dataclass

from storyboard.errors import TailframeError

__all__ = ["Checked", "check_newest"]

MOST_TOLD = 5
"""Files of one archive that are named; of more it says how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found of one episode's newest archive; `version` None: it has none."""

    episode: str
    version: str | None
    problems: tuple[str, ...] = ()  # sentences, one a file that is not as archived


def check_newest(archive_url: str, series: str, episode: str) -> Checked:
    """Read every byte of an episode's newest archive. Blocking; raises nothing for what is wrong with it."""
    url = f"{archive_url.rstrip('/')}/{series}/{episode}"
    from render.episode.archive import open_tree, resolve, verify
    from render.episode.archive.layout import LATEST

    try:
        if open_tree(url).get(LATEST) is None:
            return Checked(episode=episode, version=None)
        version = resolve(url)
        found = [str(each) for each in verify(version)]
    except TailframeError as error:
        return Checked(episode=episode, version=url, problems=(str(error),))
    more = (f"and {len(found) - MOST_TOLD} more",) if len(found) > MOST_TOLD else ()
    return Checked(episode=episode, version=version, problems=(*found[:MOST_TOLD], *more))

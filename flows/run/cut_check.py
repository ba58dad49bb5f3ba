"""Looks at what an episode's cut needs beside its clips, before anything is paid: its cards and its deliveries."""

from storyboard.errors import InvalidProject, Mistake
from storyboard.loading import Project
from storyboard.shot import Episode

__all__ = ["card_mistakes", "refuse_unfit"]


def card_mistakes(project: Project, episode: Episode) -> tuple[tuple[Mistake, ...], tuple[str, ...]]:
    """What is wrong with them, and remarks on what may not be meant. Decodes their fonts and pictures."""
    if not episode.cards:
        return (), ()
    from render.cards.card_checks import card_findings  # few episodes need Pillow before they are drawn

    written = project.at(project.episode_file(episode.episode))
    found = card_findings(episode, lambda source: project.root / project.on_disk(source))
    mistakes = tuple(project.mistake(at or written, told) for at, told in found.mistakes)
    return mistakes, tuple(f"{at or written}: {told}" for at, told in found.notes)


def refuse_unfit(project: Project, episode: Episode) -> None:
    """Raises InvalidProject where cards cannot be drawn, with every mistake, MediaError where ffmpeg lacks a codec."""
    mistakes, _ = card_mistakes(project, episode)
    if mistakes:
        raise InvalidProject(mistakes)
    if episode.deliveries:
        from render.deliveries.delivery_needs import need_for_deliveries

        need_for_deliveries(episode.deliveries)

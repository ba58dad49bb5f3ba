"""What of an episode this machine's ffmpeg cannot show or make, as mistakes at the lines that ask for it."""

from collections.abc import Mapping

from flows.run.examine_references import place_of
from render.deliveries.delivery_needs import need_for_deliveries
from render.errors import MediaError
from render.media.ffmpeg_needs import need_for_films
from storyboard.errors import InvalidProject, Position
from storyboard.loading import Project
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode


def refuse_unmakeable(project: Project, episode: Episode, facts: Mapping[str, ReferenceFacts]) -> None:
    """Raises InvalidProject with every film that cannot be brought to the master's colours, and every delivery that
    lacks an encoder.
    """
    mistakes = []
    for reference in {each.source: each for shot in episode.shots for each in shot.files}.values():
        try:
            known = facts.get(reference.source)
            need_for_films({reference.source: known.traits} if known else {})
        except MediaError as error:
            mistakes.append(project.mistake(place_of(project, episode, reference), str(error)))
    for delivery in episode.deliveries:
        try:
            need_for_deliveries([delivery])
        except MediaError as error:
            mistakes.append(project.mistake(delivery.at or Position("series.yaml"), str(error)))
    if mistakes:
        raise InvalidProject(mistakes)

"""What `check` says of how an episode is cut: its music and its subtitles."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.loading import Project as Loaded
    from storyboard.request import ReferenceFacts
    from storyboard.shot import Episode


def tell_of_the_cut(episode: "Episode", facts: "Mapping[str, ReferenceFacts]", note: Callable[[str], None]) -> None:
    """Notes on music that ends too soon, and on subtitles that cannot be read in their time."""
    from storyboard.plan.caption_notes import caption_notes
    from storyboard.plan.music_length import music_notes

    lengths_s = {shot.key: shot.cut_s for shot in episode.shots}
    for at, told in music_notes(episode, facts, lengths_s):
        note(f"{at}: {told}")
    for told in caption_notes(episode, lengths_s):
        note(told)


def refuse_unlettered(loaded: "Loaded", episode: "Episode", note: Callable[[str], None]) -> None:
    """Raises InvalidProject where subtitles cannot be drawn in the font that is named, or in any that is here."""
    from render.captions.caption_fonts import burnt_in_font, drawn_texts
    from render.captions.delivery_fonts import delivery_font
    from render.errors import MediaError
    from storyboard.errors import InvalidProject

    at = episode.subtitles.at if episode.subtitles else None
    if at is None:
        return

    def file_of(source: str) -> "Path":
        return loaded.root / loaded.on_disk(source)

    try:
        master = burnt_in_font(episode, file_of)
        burnt = dict.fromkeys(each.burnt for each in episode.deliveries if each.burnt is not None)
        drawn = [delivery_font(episode, drawn_texts(episode, tag), tag, file_of) for tag in burnt]
    except MediaError as error:
        raise InvalidProject([loaded.mistake(at, str(error))]) from error
    for told in dict.fromkeys(each[1] for each in (master, *drawn) if each is not None):
        if told is not None:
            note(f"{at}: {told}")

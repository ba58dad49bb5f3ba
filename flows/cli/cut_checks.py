"""What `check` says of how an episode is cut: its music and its subtitles."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    from render.captions.caption_fonts import burnt_in_font
    from render.errors import MediaError
    from storyboard.errors import InvalidProject

    at = episode.subtitles.at if episode.subtitles else None
    if at is None:
        return
    try:
        font = burnt_in_font(episode, lambda source: loaded.root / loaded.on_disk(source))
    except MediaError as error:
        raise InvalidProject([loaded.mistake(at, str(error))]) from error
    if font is not None and font[1] is not None:
        note(f"{at}: {font[1]}")

"""The addresses of the room's pages, and which links of others' making may be followed from them. Pure."""

from urllib.parse import quote, urlencode, urlsplit

from storyboard.shot_key import ShotKey

__all__ = [
    "board_link",
    "cut_link",
    "outside",
    "peaks_link",
    "poster_link",
    "price_link",
    "proxy_link",
    "run_link",
    "shot_link",
    "source_link",
    "still_link",
    "take_link",
]


def board_link(episode: str) -> str:
    """The board of an episode."""
    return f"/e/{_part(episode)}"


def shot_link(shot: str) -> str:
    """The page of a shot, by its name within the series."""
    key = ShotKey.parse(shot)
    return f"/e/{_part(key.episode)}/s/{_part(key.scene)}/{_part(key.shot)}"


def cut_link(episode: str, frame: int | None = None) -> str:
    """The cut of an episode, at a frame of it."""
    return f"/e/{_part(episode)}/cut" + ("" if frame is None else f"?frame={frame}")


def price_link(episode: str, shots: str = "") -> str:
    """What a retake of these shots (SCENE/SHOT, with commas) would cost."""
    return f"/e/{_part(episode)}/price" + (f"?{urlencode({'shots': shots})}" if shots else "")


def source_link(file: str, line: int) -> str:
    """A file of the project, at a line of it."""
    return f"/source/{quote(file)}?line={line}#L{line}"


def run_link(number: int) -> str:
    """A run that was asked for in this room."""
    return f"/runs/{number}"


def take_link(sha256: str) -> str:
    """A clip, a reference or a master: bytes that the ledger or the storyboard names."""
    return f"/media/{sha256}"


def proxy_link(sha256: str) -> str:
    """The same clip as any browser plays it."""
    return f"/proxy/{sha256}"


def poster_link(sha256: str, frame: int) -> str:
    """One frame of a clip, small."""
    return f"/poster/{sha256}/{frame}"


def still_link(sha256: str, frame: int) -> str:
    """One frame of a clip, exactly."""
    return f"/still/{sha256}/{frame}"


def peaks_link(sha256: str) -> str:
    """How loud a master is, from moment to moment."""
    return f"/peaks/{sha256}"


def outside(link: str) -> str | None:
    """A link that somebody else wrote, where a browser may follow it: to http or https. None for any other."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return None
    return link.strip() if parts.scheme in {"http", "https"} and parts.hostname else None


def _part(name: str) -> str:
    return quote(name, safe="")

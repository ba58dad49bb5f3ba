"""How a shot is called: put together and taken apart here, and nowhere else.

Within its episode a shot is `SCENE/SHOT`: so plans, manifests and command lines call it. Within its series it is
`EPISODE/SCENE/SHOT`: so the ledger and archives do. A preview keeps takes and circles of its own beside the master's,
under `EPISODE@preview/SCENE/SHOT`. Dictionaries, JSON and the ledger hold these texts.
"""

from __future__ import annotations

from dataclasses import dataclass

_PREVIEW = "@preview"  # no id that a producer writes may hold an @


@dataclass(frozen=True, slots=True)
class ShotKey:
    """One shot's name, in its parts. As text it is what it was parsed from."""

    scene: str
    shot: str
    episode: str = ""  # empty where it goes without saying
    preview: bool = False

    @classmethod
    def parse(cls, text: str) -> ShotKey:
        """The parts of any of the three forms. Raises ValueError where it is none of them; ids are not looked at."""
        match text.split("/"):
            case [scene, shot] if scene and shot:
                return cls(scene, shot)
            case [written, scene, shot] if scene and shot:
                episode = written.removesuffix(_PREVIEW)
                if episode:
                    return cls(scene, shot, episode, preview=episode != written)
        raise ValueError(f"{text!r} is neither SCENE/SHOT nor EPISODE/SCENE/SHOT")

    @property
    def local(self) -> str:
        """`SCENE/SHOT`."""
        return local_key(self.scene, self.shot)

    @property
    def ledger_episode(self) -> str:
        """`EPISODE`, or `EPISODE@preview`."""
        return f"{self.episode}{_PREVIEW}" if self.preview else self.episode

    def __str__(self) -> str:
        return f"{self.ledger_episode}/{self.local}" if self.episode else self.local


def local_key(scene: str, shot: str) -> str:
    """`SCENE/SHOT`, a shot's name within its episode."""
    return f"{scene}/{shot}"


def full_key(episode: str, key: str, *, preview: bool = False) -> str:
    """`EPISODE/SCENE/SHOT`, or `EPISODE@preview/SCENE/SHOT`, from a shot's name within its episode."""
    return f"{episode}{_PREVIEW if preview else ''}/{key}"


def is_of_episode(key: str, episode: str) -> bool:
    """Whether a shot's name within its series is one of this episode; those of its preview are not."""
    return key.startswith(f"{episode}/")

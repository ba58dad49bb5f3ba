"""What deliveries are made of: the master's picture, a mix, words. Each with the key that says what it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from render.markers.labels import Labels
from render.media.measures import sha256_of
from storyboard.sounds import LoudnessTarget


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A file that goes into a delivery. `key` names what is in it; `make` gives it, and is called where it is needed.

    A delivery that was made before is found by keys alone, and nothing is mixed or drawn for it.
    """

    key: str
    make: Callable[[], Awaitable[Path]]

    @classmethod
    def of(cls, file: Path) -> Ingredient:
        """A file that is there, named by its bytes."""

        async def there() -> Path:
            return file

        return cls(sha256_of(file), there)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryInputs:
    """What one delivery is made of.

    The picture is a film in the master's format with all of its frames, such as the master; its key should name its
    pieces, so that other sound does not make it another one. The mix is a WAV with all of the master's samples at 48
    kHz, mixed to `target`, which is then measured on the file; without a target nothing is measured. Words count their
    time from the delivery's own beginning: SubRip by language, and SubRip or ASS to be drawn; chapters count frames of
    the master from there.
    """

    picture: Ingredient
    mix: Ingredient | None
    seams: Ingredient | None = None  # the frames of the plan's seams one after another, in the size of its window
    target: LoudnessTarget | None = None
    labels: Labels | None = None  # what the file tells of itself; None of a kind that tells nothing
    soft: Mapping[str, Ingredient] = field(default_factory=dict)
    burnt: Ingredient | None = None
    fonts: Path | None = None  # the folder of fonts that drawn words use
    fonts_key: str = ""  # what is in it

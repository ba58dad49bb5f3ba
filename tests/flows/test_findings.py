"""What is not as it was ordered about a clip that is kept all the same reaches whoever watches the run."""

from pathlib import Path

import pytest

from render.watcher import Unwatched
from tests.acme.fixture import Acme
from tests.acme.footage import LOOKS
from tests.clips import make_clip
from tests.flows.episodes import buys_from, film, produce, states
from tests.projects import scene, shot
from tests.thinning import one_in


class Listener(Unwatched):
    """Keeps the news that a person should read."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@one_in(4, first=1)
@pytest.mark.parametrize(
    ("size", "sound_s", "told"),
    [
        ((854, 480), None, ["sound was asked for and it has none"]),
        ((160, 90), 4, ["it is 160x90 where 854x480 was asked for, and will look soft"]),
        ((480, 854), 4, ["it is 480x854 where 854x480 was asked for: black will stand beside it"]),
        ((854, 480), 4, []),
    ],
    ids=["silent", "soft", "upright", "as ordered"],
)
def test_findings_are_told_and_the_clip_is_kept(
    size: tuple[int, int], sound_s: float | None, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence that names the shot, at the vendor whose clips are always like this; nothing of a good clip."""
    clip = make_clip(tmp_path / "clip.mp4", frames=96, size=size, sound_s=sound_s).read_bytes()
    drawn = tmp_path / "clips"
    drawn.mkdir()
    for look in range(LOOKS):
        (drawn / f"854x480-4s-sound-{look}.mp4").write_bytes(clip)
    acme, listener = Acme(tmp_path / "acme", drawn, small=False), Listener()
    acme.start()
    try:
        buys_from(acme, monkeypatch)
        project = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")))
        result = produce(project, watcher=listener)
    finally:
        acme.close()

    assert (result.exit_code, states(result)) == (0, {"lamp/010": "done"})
    assert [note for note in listener.notes if note.startswith("lamp/010")] == [f"lamp/010: {each}" for each in told]

"""A series of a few episodes of a few tiny shots, bought from the sandbox: every shot's prompt is its own."""

from __future__ import annotations

from pathlib import Path

from tests.projects import episode_file, png, scene, series_file, shot, write_project

VENDOR = "evolink"  # it lists its jobs, so that an order whose answer is lost can be found without a person
SHOT_S = 4
MARA = "references/cast/mara.png"
KEYS = ("chain/010", "chain/020", "alone/010")
"""The shots of each episode: two that follow each other, and one beside them."""


def episodes(count: int) -> tuple[str, ...]:
    """The ids of so many episodes."""
    return tuple(f"e{number:02}" for number in range(1, count + 1))


def write_series(folder: Path, name: str, count: int) -> Path:
    """Write such a project; a picture is sent with every order."""
    series = series_file(
        series=name,
        cast={"mara": {"name": "Mara", "references": [MARA]}},
        locations=None,
        props=None,
        styles=None,
        defaults={"provider": VENDOR, "resolution": "480p"},
        delivery={"master": {"width": 160, "height": 90, "fps": 24}},
        budget={"series": 500},
    )
    written = {id_: episode_file(id_, *_scenes(name, id_), style=None) for id_ in episodes(count)}
    return write_project(folder, series=series, episodes=written, files={MARA: png(400, 400)})


def prompt_mark(series: str, episode: str, key: str) -> str:
    """Words that stand in the prompt of this shot and in no other."""
    return f"boat {series} {episode} {key.replace('/', ' ')} passes"


def _scenes(series: str, episode: str) -> list[dict[str, object]]:
    def written(key: str, **more: object) -> dict[str, object]:
        prompt = f"{{{{ mara }}}} waits; {prompt_mark(series, episode, key)}"
        return shot(key.partition("/")[2], prompt, duration=SHOT_S, **more)

    chain = scene("chain", written(KEYS[0]), written(KEYS[1], continuity="tail_frame"), location=None)
    return [chain, scene("alone", written(KEYS[2]), location=None)]

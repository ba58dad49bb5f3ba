"""Whatever dies, whenever: the same command again completes the episode, and every shot has exactly one live take."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.flows.episodes import edit
from tests.flows.runs import interrupted_retakes, killed, live_takes, run, start, takes_of, tiny_project
from tests.thinning import exhaustive, one_in

SHOTS = {"e01/lamp/010", "e01/lamp/020", "e01/shore/010", "e01/shore/020"}
MOMENTS = 6


def spread(moments: int) -> list[int]:
    """Moments of a run, from its first to its last."""
    return [1 + round(index * (moments - 1) / (MOMENTS - 1)) for index in range(MOMENTS)]


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many moments a whole run has."""
    return len(run(tiny_project(tmp_path_factory.mktemp("count")))["moments"])


@exhaustive
@pytest.mark.parametrize("which", range(MOMENTS))
def test_a_killed_run_is_completed_by_the_next(which: int, moments: int, tmp_path: Path) -> None:
    """SIGKILL at any moment: the next run ends well, with one live take a shot."""
    project = tiny_project(tmp_path)

    killed(project, spread(moments)[which])
    result = run(project)

    assert result["exit_code"] == 0, result
    assert live_takes(project) == Counter(SHOTS)
    assert (project / "output" / "e01" / "e01.mp4").is_file()


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose episode is made; each test gets a copy."""
    project = tiny_project(tmp_path_factory.mktemp("made"))
    assert run(project)["exit_code"] == 0
    return project


@exhaustive
@pytest.mark.parametrize("which", range(MOMENTS))
def test_a_killed_retake_is_resumed_not_doubled(which: int, moments: int, made_once: Path, tmp_path: Path) -> None:
    """SIGKILL while new takes are made: the same command completes those, and makes one new take a shot, no more."""
    project = Path(shutil.copytree(made_once, tmp_path / "project"))

    killed(project, spread(moments)[which], new_take=True)
    came_to_its_end = len(takes_of(project)) > len(SHOTS) and not interrupted_retakes(project)
    result = run(project, new_take=True)

    assert result["exit_code"] == 0, result
    each = 3 if came_to_its_end else 2  # nobody goes on with a run that died when all was done
    assert Counter(take.shot for take in takes_of(project)) == Counter(dict.fromkeys(SHOTS, each))
    assert all(take.state == "done" for take in takes_of(project))


def with_edits(project: Path) -> Path:
    """The same episode, cut otherwise: a trim, a dissolve, a dip and a title card."""
    edit(project, '"id": "shore"', '"transition": "dip-to-black", "id": "shore"')
    edit(
        project,
        '"prompt": "{{ mara }} opens',
        '"in": 0.25, "transition": {"kind": "dissolve", "length": "6f"}, "prompt": "{{ mara }} opens',
    )
    edit(project, '"episode": "e01"', '"episode": "e01", "title_card": {"card": "title", "length": 0.5}')
    return project


@pytest.fixture(scope="module")
def cut_otherwise(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, int]:
    """The master of the edited episode, cut from nothing, and how many moments its cut has."""
    folder = tmp_path_factory.mktemp("cut")
    result = run(with_edits(Path(shutil.copytree(made_once, folder / "project"))))
    assert (result["exit_code"], result["made"]) == (0, [])
    return (folder / "project/output/e01/e01.mp4").read_bytes(), len(result["moments"])


@one_in(6, first=2)
@pytest.mark.parametrize("which", range(2 * MOMENTS))
def test_a_killed_cut_leaves_the_master_whole_and_the_next_one_right(
    which: int, cut_otherwise: tuple[bytes, int], made_once: Path, tmp_path: Path
) -> None:
    """SIGKILL while parts, transitions and the mix are made: what was made by then is found, and nothing else shows."""
    expected, moments = cut_otherwise
    project = with_edits(Path(shutil.copytree(made_once, tmp_path / "project")))
    master = project / "output/e01/e01.mp4"
    before = master.read_bytes()

    killed(project, 1 + round(which * (moments - 1) / (2 * MOMENTS - 1)))
    assert master.read_bytes() in {before, expected}
    result = run(project)

    assert (result["exit_code"], result["made"]) == (0, [])
    assert master.read_bytes() == expected
    assert not [each for each in master.parent.iterdir() if each.name.startswith(".")]
    assert live_takes(project) == Counter(SHOTS)


@exhaustive
def test_a_finished_retake_asked_for_again_is_another(made_once: Path, tmp_path: Path) -> None:
    """Nothing was interrupted: the same words are a new wish."""
    project = Path(shutil.copytree(made_once, tmp_path / "project"))
    for _ in range(2):
        assert run(project, new_take=True, shots=frozenset({"shore/020"}))["exit_code"] == 0
    assert Counter(take.shot for take in takes_of(project))["e01/shore/020"] == 3


def test_a_finished_episode_is_not_made_again(made_once: Path, tmp_path: Path) -> None:
    """The second run makes nothing and leaves the master as it is."""
    project = Path(shutil.copytree(made_once, tmp_path / "project"))
    master = project / "output" / "e01" / "e01.mp4"
    before = master.stat().st_mtime_ns, (project / "output" / "e01" / "manifest.json").read_bytes()

    result = run(project)

    assert result["made"] == []
    assert (master.stat().st_mtime_ns, (project / "output" / "e01" / "manifest.json").read_bytes()) == before
    assert len(takes_of(project)) == len(SHOTS)


def test_two_runs_at_once_share_their_takes(tmp_path: Path) -> None:
    """Two runs of one episode, begun together, end well with one take a shot between them."""
    project = tiny_project(tmp_path)

    results = [each.finish() for each in (start(project), start(project))]

    assert [result["exit_code"] for result in results] == [0, 0], results
    assert live_takes(project) == Counter(SHOTS)

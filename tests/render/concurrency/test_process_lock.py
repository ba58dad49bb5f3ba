"""A mark proves a death only where it was made: in that very file, on that machine, since it was started."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from render.concurrency.process_lock import Owner

ARRIVES = """
import sys
from pathlib import Path
from render.concurrency.process_lock import Owner
owner = Owner.acquire(Path(sys.argv[1]))
print(owner.name, flush=True)
sys.stdin.read()
"""


@contextmanager
def somebody(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A process that owns a mark in `folder`, and its name."""
    process = subprocess.Popen(
        [sys.executable, "-c", ARRIVES, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def owners(tmp_path: Path) -> Path:
    """Where marks are made."""
    return tmp_path / "project" / ".tailframe" / "owners"


@pytest.fixture
def killed(owners: Path) -> Path:
    """The mark of a process that was killed."""
    with somebody(owners) as (name, _):
        pass
    return owners / name


def is_dead(mark: Path) -> bool:
    """What a process that works beside this mark believes of its owner."""
    here = Owner.acquire(mark.parent)
    try:
        return here.is_dead(mark.name)
    finally:
        here.release()


def test_a_killed_owner_is_known_dead_at_once(killed: Path) -> None:
    """The kernel let go of its lock, and the mark was made here."""
    assert is_dead(killed)


def test_a_copy_of_the_folder_proves_nothing(owners: Path, tmp_path: Path) -> None:
    """`cp -r` copies the marks without their locks: neither a living owner nor a dead one is believed dead there."""
    with somebody(owners) as (name, _):
        shutil.copytree(tmp_path / "project", tmp_path / "copy")
        copy = tmp_path / "copy" / ".tailframe" / "owners"

        assert not is_dead(copy / name)
        assert not is_dead(owners / name)
    assert is_dead(owners / name)
    assert not is_dead(copy / name)


def test_a_copy_that_takes_the_place_of_the_folder_proves_nothing(owners: Path, tmp_path: Path) -> None:
    """A folder that is copied to another disk, removed and put back has other files, while its owner lives on."""
    with somebody(owners) as (name, _):
        shutil.copytree(tmp_path / "project", tmp_path / "copy")
        shutil.rmtree(tmp_path / "project")
        (tmp_path / "copy").rename(tmp_path / "project")

        assert not is_dead(owners / name)


def test_a_folder_that_is_moved_while_its_owner_lives_keeps_its_marks(owners: Path, tmp_path: Path) -> None:
    """After `mv` the mark is the same file: its owner is seen to live, and to be gone as soon as it is."""
    with somebody(owners) as (name, process):
        (tmp_path / "project").rename(tmp_path / "elsewhere")
        mark = tmp_path / "elsewhere" / ".tailframe" / "owners" / name

        assert not is_dead(mark)
        process.kill()
        process.wait()
        assert is_dead(mark)


def test_another_way_to_the_same_file_is_as_good(owners: Path, tmp_path: Path) -> None:
    """By a hard link, as by a bind mount, the mark is the very file that its owner locks."""
    beside = tmp_path / "mounted"
    beside.mkdir()
    with somebody(owners) as (name, process):
        (beside / name).hardlink_to(owners / name)

        assert not is_dead(beside / name)
        process.kill()
        process.wait()
        assert is_dead(beside / name)


@pytest.mark.parametrize("which", ["machine", "boot", "device", "inode"])
def test_a_mark_that_was_made_elsewhere_proves_nothing(killed: Path, which: str) -> None:
    """Another machine, a machine that was started since, a backup on another device or in another file."""
    told = json.loads(killed.read_text())
    assert is_dead(killed)

    killed.write_text(f"{json.dumps(told | {which: told[which] * 2})}\n")

    assert not is_dead(killed)


def test_an_empty_mark_proves_nothing(owners: Path) -> None:
    """Versions before left marks that do not say where they were made; each may be a copy of a living owner's."""
    owners.mkdir(parents=True)
    (owners / "host_12_abcdef01").touch()

    assert not is_dead(owners / "host_12_abcdef01")


def test_what_is_no_mark_of_ours_proves_nothing(killed: Path) -> None:
    """A link to a dead owner's mark is not followed, and a pipe is not waited for."""
    link = killed.with_name("host_12_abcdef02")
    link.symlink_to(killed)
    pipe = killed.with_name("host_12_abcdef03")
    os.mkfifo(pipe)

    assert not is_dead(link)
    assert not is_dead(pipe)
    assert not is_dead(killed.with_name("host_12_nobody"))


def test_an_owner_that_leaves_takes_its_mark_along(owners: Path) -> None:
    """What ended in order leaves nothing behind."""
    owner = Owner.acquire(owners)
    owner.release()

    assert list(owners.iterdir()) == []

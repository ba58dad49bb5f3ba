"""An archive is restored into the project that lost its ledger: nothing is bought again, nothing of it is changed.

The moments to die at are found by the command itself: every folder that it makes, every rename, link and removal, and
every time that it opens a ledger. With `EVERY_MOMENT=1` it dies at each of them, else at some.
"""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from flows.cli.consent import agree
from flows.errors import UsageError
from flows.run.options import RunOptions
from render.ledger import queries
from storyboard.takes import Circle, TakeState
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.clones import ARCHIVE, clone, finished, refused, restore, served, shop, text_of
from tests.flows.dying_restore import die_restoring
from tests.flows.episodes import actions, circled, edit, film, ledger_of, made, master_of, produce, takes_of
from tests.flows.forks import fork
from tests.s3 import TestBucket, bucket, s3_client, s3_endpoint, s3_environment
from tests.thinning import exhaustive, patient, stride

__all__ = ["bucket", "clone", "finished", "s3_client", "s3_endpoint", "s3_environment", "shop"]


pytestmark = patient


@exhaustive
def test_a_restore_into_the_project_buys_nothing_again(shop: Acme, finished: Path, clone: Path) -> None:
    """The takes are served, the master is the identical file, and what a person wrote since is left alone."""
    before = len(shop.jobs())
    (clone / "notes.txt").write_text("mine")
    assert "the project's own files stay as they are" in restore(clone)
    assert served(shop, clone, before)
    assert master_of(clone).read_bytes() == master_of(finished).read_bytes()
    assert (clone / "notes.txt").read_text() == "mine"
    assert circled(clone, "lamp/020") == 1


@exhaustive
def test_an_edit_since_costs_its_own_shot_alone(shop: Acme, clone: Path) -> None:
    """What changed is bought, what did not is asked about; brought back, one shot is left to pay."""
    before = len(shop.jobs())
    edit(clone, "rows against the swell", "rests on the oars")
    assert "an archive of lamp/010, lamp/020 stands in" in refused(clone)
    result = produce(clone, shots=frozenset({"shore/010"}))
    assert made(result) == ["shore/010"]
    restore(clone)
    assert "rests on the oars" in text_of(clone)
    assert served(shop, clone, before + 1)


@exhaustive
def test_only_the_archive_is_enough(shop: Acme, finished: Path, clone: Path) -> None:
    """Where the output is gone too, a restore brings it as it was, and it can be opened before any run."""
    before = len(shop.jobs())
    shutil.rmtree(clone / "output")
    assert "stands in" in refused(clone)
    restore(clone)
    assert {each.relative_to(clone) for each in (clone / "output").rglob("*")} == {
        each.relative_to(finished) for each in (finished / "output").rglob("*")
    }
    assert master_of(clone).read_bytes() == master_of(finished).read_bytes()
    assert served(shop, clone, before)


def test_only_the_output_is_asked_about(shop: Acme, finished: Path, clone: Path) -> None:
    """A manifest alone names what was made; whoever has the archive elsewhere brings it back, and nothing is bought."""
    before = len(shop.jobs())
    shutil.move(clone / "archive", clone.parent / "kept")
    edit(clone, "rows against the swell", "rests on the oars")
    told = refused(clone)
    assert f"{clone / 'output/e01/manifest.json'} names takes of lamp/010, lamp/020, and the ledger" in told
    assert f"`tailframe restore ARCHIVE {clone}`" in told
    shots = json.loads(tailframe("plan", clone, "e01", "--json").stdout)["shots"]
    assert ["named_in" in each for each in shots] == [True, True, False]
    restore(clone, clone.parent / "kept/lighthouse/e01")
    assert actions(clone) == {"lamp/010": "reuse", "lamp/020": "reuse", "shore/010": "generate"}
    assert len(shop.jobs()) == before


@exhaustive
def test_an_archive_in_a_bucket_is_looked_at_before_paying(
    shop: Acme, clone: Path, bucket: TestBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan asks no network and says nothing; a run names the address, and store and ledger get it all back."""
    before = len(shop.jobs())
    for file in (each for each in (clone / "archive").rglob("*") if each.is_file()):
        bucket.client.upload_file(str(file), bucket.name, f"studio/{file.relative_to(clone).as_posix()}")
    shutil.rmtree(clone / "archive")
    shutil.rmtree(clone / "output")
    monkeypatch.setenv("TAILFRAME_ARCHIVE_URL", f"s3://{bucket.name}/studio/archive")
    monkeypatch.setenv("TAILFRAME_STORE_URL", f"s3://{bucket.name}/blobs")
    assert tailframe("plan", clone, "e01").stderr == ""
    address = f"s3://{bucket.name}/studio/{ARCHIVE}"
    with pytest.raises(UsageError, match=f"tailframe restore {address} {clone}"):
        agree(clone, RunOptions(episode="e01"), yes=True)
    assert f"`tailframe restore {address} {clone}`" in refused(clone)
    restore(clone, address)
    assert not (clone / ".tailframe/blobs").exists()
    shutil.rmtree(clone / ".tailframe/cache")
    assert served(shop, clone, before)


@exhaustive
def test_a_ledger_that_knows_a_part_is_completed(shop: Acme, clone: Path) -> None:
    """Only what it lacks is asked about, and its own takes and choices stay."""
    before = len(shop.jobs())
    assert made(produce(clone, shots=frozenset({"lamp/010"}), anew=True)) == ["lamp/010"]
    (own,) = takes_of(clone, "lamp/010")
    told = refused(clone)
    assert "lamp/010" not in told.partition("stands in")[0]
    assert "shore/010 stands in" in told
    restore(clone)
    assert next(circle for circle in circles(clone) if circle.shot == "e01/lamp/010").take == own.id
    assert actions(clone) == {"lamp/010": "reuse", "lamp/020": "stale", "shore/010": "reuse"}
    assert served(shop, clone, before + 1)


def circles(project: Path) -> tuple[Circle, ...]:
    with ledger_of(project) as ledger:
        return tuple(ledger.read(queries.circles, "lighthouse"))


@exhaustive
def test_a_shot_that_was_given_up_is_not_bought_for_want_of_a_ledger(shop: Acme, finished: Path, clone: Path) -> None:
    """The archive's word that a shot is waived is asked about like its takes, and comes back with them."""
    for folder in ("archive", "output", ".tailframe"):
        shutil.rmtree(clone / folder, ignore_errors=True)
        shutil.copytree(finished / folder, clone / folder)
    before = len(shop.jobs())
    assert tailframe("waive", clone, "e01", "shore/010").exit_code == 0
    assert produce(clone).exit_code == 0
    shutil.rmtree(clone / ".tailframe")
    assert "an archive of lamp/010, lamp/020, shore/010 stands in" in refused(clone)
    restore(clone)
    assert set(actions(clone).values()) == {"reuse", "waived"}
    assert served(shop, clone, before)


@exhaustive
def test_what_was_opened_and_not_ordered_is_not_wanted_any_more(shop: Acme, clone: Path) -> None:
    """A run that pays anew and is stopped leaves takes open; once the archive is back, they are not gone on with."""
    before = len(shop.jobs())
    shop.script(on="create", do="answer", status=429, times=None)
    produce(clone, anew=True, patience=timedelta(seconds=0.2))
    shop.forgive()
    assert TakeState.PLANNED in {take.state for take in takes_of(clone)}
    restore(clone)
    assert served(shop, clone, before)


def test_only_a_project_of_the_series_is_restored_into(clone: Path, finished: Path, tmp_path: Path) -> None:
    """Any other folder that is not empty is refused in one sentence, and nothing in it is touched."""
    other = film(tmp_path / "other", series="harbour")
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "letter.txt").write_text("mine")
    for folder in (other, strange):
        before = sorted(folder.rglob("*"))
        done = tailframe("restore", clone / ARCHIVE, folder)
        assert done.exit_code == 1
        assert "is not empty, and no project of the series lighthouse" in done.stderr
        assert sorted(folder.rglob("*")) == before


@exhaustive
def test_a_storyboard_with_a_mistake_is_brought_back_all_the_same(shop: Acme, clone: Path) -> None:
    """What a person is writing just now is no reason to keep the takes from them."""
    before = len(shop.jobs())
    good = text_of(clone)
    (clone / "episodes/e01.yaml").write_text(good + "\nno such key: [")
    restore(clone)
    (clone / "episodes/e01.yaml").write_text(good)
    assert served(shop, clone, before)


def test_what_lies_in_the_output_stays(clone: Path) -> None:
    """A clip that a person graded, and a cut that is newer than the archive."""
    clip = clone / "output/e01/clips/lamp/010.mp4"
    clip.write_bytes(b"graded")
    (clone / "output/e01/clips/lamp/020.mp4").unlink()
    restore(clone)
    assert clip.read_bytes() == b"graded"
    assert (clone / "output/e01/clips/lamp/020.mp4").is_file()
    (clone / "output/e01/manifest.json").write_text("{}")
    (clone / "output/e01/clips/lamp/020.mp4").unlink()
    restore(clone)
    assert not (clone / "output/e01/clips/lamp/020.mp4").exists()
    assert (clone / "output/e01/manifest.json").read_text() == "{}"


@exhaustive
def test_no_moment_to_die_at_buys_what_was_archived(shop: Acme, finished: Path, clone: Path) -> None:
    """After a kill the next run asks, or has every shot; the same command ends well; and nothing was ever ordered."""
    before, died, outcomes = len(shop.jobs()), 0, set()
    shutil.rmtree(clone / "output")
    for moment in count(1, step=stride(11)):
        project = Path(shutil.copytree(clone, clone.parent / str(moment)))
        killed, _ = fork(die_restoring, project / ARCHIVE, project, moment).end()
        if not killed:
            break
        died += 1
        outcomes.add(tuple(sorted(set(actions(project).values()))))
        if "generate" in actions(project).values():
            refused(project)
        restore(project)
        assert set(actions(project).values()) == {"reuse"}
        assert master_of(project).read_bytes() == master_of(finished).read_bytes()
        assert len(shop.jobs()) == before
    assert died > 3
    assert {("generate",), ("reuse",)} == outcomes
    assert served(shop, project, before)

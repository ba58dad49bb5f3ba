"""An ffmpeg that could not make the cut is noticed before anything is ordered, drawn or cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from render.errors import MediaError
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, film, master_of, produce, takes_of
from tests.projects import scene, shot
from tests.render.media.crippled import crippled


@pytest.fixture
def project(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One shot, at a vendor that keeps books."""
    buys_from(acme, monkeypatch)
    return film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")))


@pytest.mark.parametrize("lacks", ["libx264", "aac", "tpad", "concat", "fps_mode"])
def test_nothing_is_ordered_where_the_cut_could_not_be_made(
    acme: Acme, project: Path, lacks: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An encoder, a filter, a demuxer, an option of later versions: the vendor hears nothing, no take is opened."""
    monkeypatch.setenv("TAILFRAME_FFMPEG", str(crippled(tmp_path, lacks)))

    for free in ({}, {"preview": True}, {"shots": frozenset()}):
        part = rf"(?:(?: and )?the \w+ {lacks})+"
        with pytest.raises(MediaError, match=rf"{tmp_path}/ffmpeg lacks {part}, which the cut needs\."):
            produce(project, **free)

    assert acme.heard() == []
    assert takes_of(project) == ()


def test_nothing_is_ordered_where_a_delivery_could_not_be_made(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The delivery is named, and `check` points at its line; without it the run begins."""
    buys_from(acme, monkeypatch)
    deliveries = [{"name": "web"}, {"name": "phone", "video": "hevc"}]
    project = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")), deliveries=deliveries)
    monkeypatch.setenv("TAILFRAME_FFMPEG", str(crippled(tmp_path, "libx265")))

    with pytest.raises(MediaError, match=r"lacks the encoder libx265, which the delivery phone needs\."):
        produce(project)
    done = tailframe("check", project)

    assert done.exit_code == 2
    told = " ".join(done.output.split())
    assert "lacks the encoder libx265, which the delivery phone needs" in told
    assert "series.yaml:" in told
    assert acme.heard() == []
    assert takes_of(project) == ()


def test_the_same_shot_is_made_once_ffmpeg_is_mended(
    acme: Acme, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was refused left nothing behind: one job, one master."""
    with monkeypatch.context() as without:
        without.setenv("TAILFRAME_FFMPEG", str(crippled(tmp_path, "libx264")))
        with pytest.raises(MediaError):
            produce(project)

    assert produce(project).exit_code == 0
    assert len(acme.jobs()) == 1
    assert master_of(project).is_file()


def test_the_doctor_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing for the cut is wrong; what only some references need is to be looked at."""
    monkeypatch.setenv("TAILFRAME_FFMPEG", str(crippled(tmp_path, "tpad", "libvorbis", "hue")))

    told = " ".join(tailframe("doctor").output.split())

    assert "wrong ffmpeg cut the filter tpad missing: no run begins" in told
    assert "look ffmpeg others missing: the encoder libvorbis for references in other formats; the filter hue" in told

"""Films that are not ordinary, in a whole production: what is sent, what is said, and what is not bought."""

from __future__ import annotations

import shutil
import sqlite3
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from flows.settings import places_of, read_settings
from render.errors import MediaError
from render.ledger import open_ledger, recipes
from render.media.reference_facts import reference_facts
from render.media.signature import signature
from render.store import open_store
from tests.acme.fixture import Acme
from tests.films import COLOURS, Film, apart, decoded, make_film, seen, wandered
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, buys_from, edit, film, made, master_of, plan, produce, takes_of
from tests.projects import png, scene, shot
from tests.render.media.crippled import crippled
from tests.thinning import exhaustive

HLG = Film(
    codec="libx265",
    pix_fmt="yuv420p10le",
    bits=10,
    matrix="bt2020nc",
    primaries="bt2020",
    transfer="arib-std-b67",
    fps="3",
)
"""As phones write it; three frames in a second."""

LACKS = r"lacks the filters? {}, which {} needs: HDR \(HLG\) is tone-mapped to BT\.709\. "


@pytest.fixture(scope="module")
def hlg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film itself."""
    return make_film(tmp_path_factory.mktemp("films") / "hlg.mp4", HLG)


@pytest.fixture(scope="module")
def acme_clips(hlg: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Acme delivers HLG wherever 480p are ordered."""
    folder = tmp_path_factory.mktemp("hdr-clips")
    for look in range(6):
        shutil.copy(hlg, folder / f"854x480-4s-sound-{look}.mp4")
    return folder


@pytest.fixture(scope="module")
def acme_is_small() -> bool:
    """It delivers what is drawn here."""
    return False


@pytest.fixture(autouse=True)
def customer(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    buys_from(acme, monkeypatch)


class Listening:
    """A watcher that keeps the notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        """Nothing to keep."""

    def note(self, text: str) -> None:
        """Keep it."""
        self.notes.append(text)

    def stage(self, name: str, fraction: float | None = None) -> None:
        """Nothing to keep."""


def chain(folder: Path) -> Path:
    """Two shots, of which the second begins on the last frame of the first."""
    return film(folder, scene("lamp", shot("010", "the lamp burns"), shot("020", "it flickers")))


def with_reference(folder: Path, hlg: Path) -> Path:
    """One shot that names a phone's film."""
    project = film(folder, scene("lamp", shot("010", "the lamp burns", references=["references/phone.mp4"])))
    shutil.copy(hlg, project / "references/phone.mp4")
    return project


def received(acme: Acme, link: str, target: Path) -> Path:
    """A file as Acme received it."""
    target.write_bytes(acme.shop.upload(urlsplit(link).path.rpartition("/")[2]))
    return target


def test_a_vendor_s_hdr_is_tone_mapped_wherever_it_goes(acme: Acme, tmp_path: Path) -> None:
    """The next shot begins on the colours that the cut shows, and the producer is told that they were converted."""
    project, listener = chain(tmp_path), Listening()

    assert produce(project, watcher=listener).exit_code == 0

    told = "lamp/010: in the cut and in what continues it, HDR (HLG) is tone-mapped to BT.709"
    assert told in listener.notes
    frames = [
        Image.open(received(acme, link, tmp_path / f"{at}.png"))
        for at, link in enumerate(acme.jobs()[1].body["images"])
    ]
    assert min(apart(seen(each), wandered(COLOURS, 2)) for each in frames) <= 4
    assert signature(master_of(project)).colours == (1, 1, 1, 1)
    cut = decoded(master_of(project))
    assert len(cut) == 48
    assert apart(cut[23], wandered(COLOURS, 2)) <= 8
    assert apart(cut[24], wandered(COLOURS, 0)) <= 8


@exhaustive
def test_what_an_earlier_version_took_as_a_tail_is_taken_again_and_nothing_is_bought(
    acme: Acme, tmp_path: Path
) -> None:
    """A good successor stays good, as it stands on a frame and not on a file; what is made from now on is right."""
    project = chain(tmp_path)
    produce(project)
    grey = as_an_earlier_version_left_it(project)

    assert actions(project) == {"lamp/010": "reuse", "lamp/020": "reuse"}
    assert made(produce(project)) == []
    assert len(acme.jobs()) == 2

    forget_frames(project, "frame:2:%")
    edit(project, "it flickers", "it goes out")
    assert made(produce(project)) == ["lamp/020"]
    sent = [received(acme, link, tmp_path / f"{at}.png") for at, link in enumerate(acme.jobs()[2].body["images"])]
    assert grey.read_bytes() not in [each.read_bytes() for each in sent]
    assert min(apart(seen(Image.open(each)), wandered(COLOURS, 2)) for each in sent) <= 4


def as_an_earlier_version_left_it(project: Path) -> Path:
    """It took a grey frame for the tail, and knew nothing of what a clip is like. Returns that frame."""
    forget_frames(project, "frame:2:%")
    places = places_of(project, read_settings())
    grey = project / "grey.png"
    grey.write_bytes(png(colour=(102, 127, 74)))
    ledger, store = open_ledger(places.ledger), open_store(places.store_url, cache=places.private / "cache")
    kept = store.put_file(grey)
    for take in takes_of(project):
        assert take.clip is not None
        ledger.write(recipes.remember_derived, f"frame:1:{take.clip.sha256}:{take.clip.frames - 1}", kept)
    ledger.close()
    return grey


def forget_frames(project: Path, like: str) -> None:
    """As if no frame had been kept, nor anything been found in a clip."""
    (file,) = (project / ".tailframe").glob("ledger.sqlite")
    with sqlite3.connect(file) as base:
        base.execute("DELETE FROM derived WHERE key LIKE ?", (like,))
        for name, clip in base.execute("SELECT id, clip FROM takes").fetchall():
            without = clip.replace(',"traits":["hlg","wide","deep"]', "")
            assert '"traits"' not in without
            base.execute("UPDATE takes SET clip = ? WHERE id = ?", (without, name))


def test_a_phone_s_film_is_sent_in_ordinary_colours(acme: Acme, hlg: Path, tmp_path: Path) -> None:
    """The plan says so beforehand, and what the vendor receives is upright BT.709 that every player shows alike."""
    project = with_reference(tmp_path, hlg)
    told = "references/phone.mp4 is sent as video:mp4:plain: HDR (HLG) is tone-mapped to BT.709"
    assert told in plan(project).shots[0].notes

    assert produce(project).exit_code == 0

    (link,) = acme.jobs()[0].body["videos"]
    sent = received(acme, link, tmp_path / "sent.mp4")
    assert reference_facts(sent, "sent").traits == ()
    assert apart(decoded(sent)[0], COLOURS) <= 6


def test_nothing_is_bought_with_a_film_that_this_ffmpeg_cannot_read(
    acme: Acme, hlg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without zscale the run is refused in one sentence, and `check` points at the reference; other films go on."""
    project = with_reference(tmp_path, hlg)
    monkeypatch.setenv("TAILFRAME_FFMPEG", str(crippled(tmp_path, "zscale", "tonemap")))

    for free in ({}, {"preview": True}):
        with pytest.raises(MediaError, match=LACKS.format("tonemap, zscale", "references/phone.mp4")):
            produce(project, **free)

    done = tailframe("check", project)
    assert done.exit_code == 2
    assert "lacks the filters tonemap, zscale, which references/phone.mp4 needs" in " ".join(done.output.split())
    assert acme.heard() == []
    assert takes_of(project) == ()


def test_no_shot_is_bought_after_a_clip_that_this_ffmpeg_cannot_read(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An HDR clip that comes unforeseen is kept; what would continue it is not ordered, and no later run orders it."""
    project = chain(tmp_path)
    with monkeypatch.context() as without:
        without.setenv("TAILFRAME_FFMPEG", str(crippled(tmp_path, "zscale")))
        assert produce(project).exit_code == 1
        assert len(acme.jobs()) == 1
        with pytest.raises(MediaError, match=LACKS.format("zscale", "the clip of take 1 of lamp/010")):
            produce(project)
        assert len(acme.jobs()) == 1

    assert produce(project).exit_code == 0
    assert len(acme.jobs()) == 2


def test_the_doctor_says_what_hdr_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ffmpeg without zscale makes every ordinary film, so it is to be looked at and not wrong."""
    monkeypatch.setenv("TAILFRAME_FFMPEG", str(crippled(tmp_path, "zscale")))
    told = " ".join(tailframe("doctor").output.split())
    assert "look ffmpeg others missing: the filter zscale for films in HDR and their like" in told

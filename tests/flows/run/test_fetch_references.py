"""References that are links, from the YAML to the vendor: fetched once, before anything is paid, never passed on."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from render.errors import Transient
from storyboard.errors import InvalidProject
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, buys_from, edit, film, made, plain_environment, plan, produce, takes_of
from tests.projects import png, scene, shot, wav, write_project
from tests.s3 import TestBucket, bucket, s3_client, s3_endpoint, s3_environment
from tests.thinning import exhaustive

__all__ = ["bucket", "s3_client", "s3_endpoint", "s3_environment"]

NOT_YET = "is not fetched yet; produce fetches it before anything is paid"


class PictureHost:
    """A web server on this machine: what it serves by name, and what it was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {"/mara.png": png(colour=(200, 40, 40))}
        self.status = 200
        self.heard: list[str] = []
        host = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.heard.append(self.path)
                page = host.pages.get(self.path)
                self.send_response(host.status if page else 404)
                self.send_header("Content-Length", str(len(page or b"")))
                self.end_headers()
                self.wfile.write(page or b"")

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by the base class
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def link(self, name: str = "mara.png") -> str:
        return f"http://127.0.0.1:{self.server.server_port}/{name}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def host() -> Iterator[PictureHost]:
    """A running host of one picture."""
    running = PictureHost()
    yield running
    running.stop()


@pytest.fixture
def project(acme: Acme, host: PictureHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One shot at Acme, whose only reference is a link."""
    buys_from(acme, monkeypatch)
    return linked(tmp_path, host.link())


def linked(folder: Path, *links: str, **series: Any) -> Path:
    """A project of one shot with these references and no others."""
    one = scene("lamp", shot("010", "waves in the night", references=list(links)), location=None)
    bare: Mapping[str, Any] = {"cast": None, "locations": None, "props": None, "styles": None}
    project = film(folder, one, **{**bare, **series})
    edit(project, '"style": "gouache",', "")
    return project


def place(project: Path, link: str) -> str:
    """Where the YAML names a link, as `file:line:column`."""
    text = (project / "episodes/e01.yaml").read_text()
    before = text[: text.index(f'"{link}"')]
    return f"episodes/e01.yaml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def test_a_link_is_fetched_once_and_its_bytes_are_sent(project: Path, host: PictureHost, acme: Acme) -> None:
    """The vendor gets our bytes and not the link; what the host serves later, or that it is gone, changes nothing."""
    assert produce(project).exit_code == 0
    assert host.heard == ["/mara.png"]
    (upload,) = acme.shop.uploads()
    assert acme.shop.upload(upload) == host.pages["/mara.png"]
    (job,) = acme.shop.jobs()
    assert host.link() not in str(job.body)

    host.pages["/mara.png"] = png(colour=(40, 200, 40))
    assert actions(project) == {"lamp/010": "reuse"}
    assert made(produce(project)) == []
    assert host.heard == ["/mara.png"]
    assert "is not fetched" not in tailframe("check", project).output


def test_plan_and_check_ask_no_web(project: Path, host: PictureHost) -> None:
    """They plan all the same, say what is not fetched yet and where it is written, and write nothing."""
    before = sorted(project.rglob("*"))
    (planned,) = plan(project).shots
    checked = tailframe("check", project)
    assert planned.action.value == "generate"
    assert f"{host.link()} {NOT_YET}" in planned.notes
    assert checked.exit_code == 0
    assert f"{place(project, host.link())}: {host.link()} {NOT_YET}" in checked.stderr
    assert host.heard == []
    assert sorted(project.rglob("*")) == before


@exhaustive
def test_a_restored_series_knows_what_its_links_gave(
    project: Path, host: PictureHost, tmp_path: Path, acme: Acme
) -> None:
    """Brought back elsewhere, after the host changed its mind, it buys nothing."""
    assert produce(project).exit_code == 0
    (archive,) = (each.parent for each in project.glob("archive/*/*/*/manifest.json"))
    assert tailframe("restore", archive, tmp_path / "back").exit_code == 0
    host.pages.clear()
    assert actions(tmp_path / "back") == {"lamp/010": "reuse"}
    assert made(produce(tmp_path / "back")) == []
    assert len(acme.shop.jobs()) == 1


def test_a_cut_fetches_nothing(project: Path, host: PictureHost) -> None:
    """Only what makes shots needs their references."""
    assert produce(project, shots=frozenset()).exit_code == 0
    assert host.heard == []


def test_links_that_cannot_be_used_are_told_together_before_anything_is_paid(
    acme: Acme, host: PictureHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each where it is written: one that is gone, one that is a page, one that is no picture."""
    buys_from(acme, monkeypatch)
    host.pages |= {"/page.png": b"<html>please log in</html>", "/sound.png": wav()}
    links = [host.link(name) for name in ("gone.png", "page.png", "sound.png", "mara.png")]
    project = linked(tmp_path, *links)

    with pytest.raises(InvalidProject) as refused:
        produce(project)

    told = [f"{each.at}: {each.message}" for each in refused.value.mistakes]
    words = ("gone or has expired (404)", "is no image, video or sound", "its name says image, and it holds audio")
    assert len(told) == len(words)
    for line, link, said in zip(told, links, words, strict=False):
        assert line.startswith(f"{place(project, link)}: the reference {link} cannot be fetched: ")
        assert said in line
    assert acme.shop.jobs() == []
    assert takes_of(project) == ()


@exhaustive
def test_a_host_that_is_down_orders_nothing_and_may_be_asked_again(
    project: Path, host: PictureHost, acme: Acme
) -> None:
    """It is nobody's mistake, so the run says to try later, and the next one goes on."""
    host.status = 503
    with pytest.raises(Transient, match="not every reference can be fetched now") as failed:
        produce(project)
    assert f"{place(project, host.link())}: " in str(failed.value)
    assert acme.shop.jobs() == []
    host.status = 200
    assert produce(project).exit_code == 0


def test_this_machine_is_looked_into_only_where_the_vendors_are_on_it(
    host: PictureHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project from somebody else may not have a run fetch from our own machine, be it for a preview."""
    plain_environment(monkeypatch)
    project = linked(tmp_path, host.link(), defaults={"provider": "animatic"})
    with pytest.raises(InvalidProject, match="is not followed: only https is allowed"):
        produce(project)
    checked = tailframe("check", project)
    assert checked.exit_code == 2
    assert f"{place(project, host.link())}: the reference {host.link()} cannot be fetched: " in checked.output
    assert host.heard == []


def test_check_tells_links_into_private_networks(project: Path, tmp_path: Path) -> None:
    """Before any run: an address that is no public one is never asked, not even where the vendor is on this machine."""
    private = linked(tmp_path / "private", "https://192.168.0.7/mara.png", "https://[fd00::1]/a.png")
    checked = tailframe("check", private)
    assert checked.exit_code == 2
    for link, host_ in (("https://192.168.0.7/mara.png", "192.168.0.7"), ("https://[fd00::1]/a.png", "fd00::1")):
        assert f"{place(private, link)}: the reference {link} cannot be fetched: " in checked.output
        assert f"the link is not followed: {host_} is no public address" in checked.output
    assert tailframe("check", project).exit_code == 0


def test_a_jpeg_by_another_name_is_sent_as_what_it_is(project: Path, host: PictureHost, acme: Acme) -> None:
    """The file's ending at the vendor is that of its content, wherever the reference lies."""
    from io import BytesIO

    from PIL import Image

    made_ = BytesIO()
    Image.new("RGB", (64, 36), "red").save(made_, "JPEG")
    host.pages["/mara.png"] = made_.getvalue()
    assert produce(project).exit_code == 0
    assert [Path(name).suffix for name in acme.shop.uploads()] == [".jpeg"]


@exhaustive
def test_a_vendor_reads_from_the_bucket_where_there_is_one(
    project: Path, host: PictureHost, acme: Acme, bucket: TestBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is sent signed links into the store, which say what the file is, and nothing is uploaded."""
    monkeypatch.setenv("TAILFRAME_STORE_URL", bucket.url)
    assert produce(project).exit_code == 0
    assert acme.shop.uploads() == []
    (job,) = acme.shop.jobs()
    (link,) = job.body["images"]
    assert link.startswith(bucket.endpoint)
    with urlopen(link, timeout=10) as answer:
        assert answer.read() == host.pages["/mara.png"]
        assert answer.headers["Content-Type"] == "image/png"


def test_what_cannot_reach_a_vendor_is_told_before_anything_is_paid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oxen reads sounds by public links only: a mistake with its place, unless the store is a bucket."""
    plain_environment(monkeypatch)
    series = {"defaults": {"provider": "oxen", "resolution": "480p"}}
    hums = shot("010", "{{ mara }} hums", references=["references/hum.wav"], duration=4)
    episode = {"version": 1, "episode": "e01", "title": "T", "scenes": [scene("lamp", hums)]}
    project = write_project(
        tmp_path,
        series=series,
        episodes={"e01": episode},
        files={"references/hum.wav": wav(3), "references/cast/mara.png": png(400, 400)},
    )
    for command in (["check", project], ["plan", project, "e01"]):
        refused = tailframe(*command)
        assert refused.exit_code == 2, refused.output
        assert "references/hum.wav is an audio reference, which this vendor reads by a public link only" in (
            refused.output
        )
        assert "TAILFRAME_STORE_URL=s3://" in refused.output
        assert any(line.startswith("episodes/e01.yaml:") for line in refused.output.splitlines())
    monkeypatch.setenv("TAILFRAME_STORE_URL", "s3://bucket/prefix")
    assert "reads by a public link only" not in tailframe("check", project).output

"""Own first and last frames, bought at each vendor that sells them, over sockets.

What leaves is what the vendor's pages document, and the clips that come are measured.
"""

from __future__ import annotations

import hashlib
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from flows.settings import places_of, read_settings
from render.media.clip_checks import APART
from render.store import open_store
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, money, plain_environment, produce, states, takes_of
from tests.flows.test_episode_continuity import nearest
from tests.flows.vendor_episode import VENDORS, documented, exactly, ordered_seed, standing
from tests.projects import episode_file, png, scene, series_file, shot, write_project
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive, some
from tests.vendors.facts import Expected, Vendor

SELLERS = [vendor for vendor in VENDORS if vendor.first_frame]
__all__ = ["standing"]

DAWN, DUSK = "references/dawn.png", "references/dusk.png"
SHOTS = [
    shot("010", "the light comes", duration=4, first_frame=DAWN),
    shot("020", "the day", duration=4, first_frame={"shot": "lamp/010", "frame": "last"}, last_frame=DUSK),
    shot("030", "the light goes", duration=4, first_frame=DUSK, last_frame={"shot": "lamp/010", "frame": "first"}),
    shot("040", "the night", duration=4, last_frame=DAWN),
]


@pytest.fixture
def project(vendor: Vendor, standing: Standing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four shots that begin and end on pictures, at this vendor."""
    plain_environment(monkeypatch)
    settings = standing.environment | {"TAILFRAME_POLL_INTERVAL": "0.05", "KINOVI_DIALECT": vendor.dialect}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    series = series_file(
        defaults={"provider": vendor.name, "resolution": "480p"},
        delivery={"master": {"width": 160, "height": 90, "fps": 24}},
        prices=[] if vendor.usd_per_second else [{"provider": vendor.name, "usd_per_second": 0.05}],
        budget={"series": 100},
    )
    episodes = {"e01": episode_file("e01", scene("lamp", *SHOTS))}
    return write_project(tmp_path, series=series, episodes=episodes, files={DAWN: _dawn(), DUSK: png(864, 496)})


def _dawn() -> bytes:
    """Light from the left, so that it is another picture than its mirror image."""
    file = io.BytesIO()
    Image.linear_gradient("L").rotate(90).resize((864, 496)).convert("RGB").save(file, "PNG")
    return file.getvalue()


@exhaustive
@pytest.mark.parametrize("vendor", some(SELLERS, 3, first=2), ids=str)
def test_frames_are_ordered_as_the_page_has_it(vendor: Vendor, standing: Standing, project: Path) -> None:
    """Exactly the documented keys, the first picture before the last; each clip is measured, and nothing is odd."""
    heard = len(standing.log())
    result = produce(project)
    assert (result.exit_code, set(states(result).values())) == (0, {"done"})
    log = standing.log()[heard:]
    assert [each for each in log if each["status"] != 200 or set(each["flags"]) - {"last frame"}] == []

    takes = {take.local_key: take for take in takes_of(project)}
    known = {job["id"]: job for job in standing.jobs()}
    jobs = {key: known[take.job_id or ""] for key, take in takes.items()}
    for key, job in jobs.items():
        links = {"image": [each["url"] for each in job["references"]]}
        asked = Expected(key, (), first_frame=True, seed=ordered_seed(takes[key]))
        body = documented(vendor, asked, job["prompt"], links)
        assert exactly(job["body"]) == exactly(body), key
        assert "@" not in job["prompt"]
    sent = {key: [each["sha256"] for each in job["references"]] for key, job in jobs.items()}
    dawn, dusk = (hashlib.sha256((project / name).read_bytes()).hexdigest() for name in (DAWN, DUSK))
    assert (sent["lamp/010"], sent["lamp/040"][1:]) == ([dawn], [dawn])
    assert (sent["lamp/020"][1:], sent["lamp/030"][:1]) == ([dusk], [dusk])

    store = open_store(places_of(project, read_settings()).store_url, cache=project / ".tailframe/cache")
    clip = takes["lamp/010"].clip
    assert clip is not None
    ends = [_frame_of(store.local_path(clip.sha256).read_bytes(), index) for index in (0, 95)]
    for key, place, end in (("lamp/020", 0, 1), ("lamp/030", 1, 0)):
        picture = Image.open(io.BytesIO(store.local_path(sent[key][place]).read_bytes())).convert("RGB")
        assert nearest(picture, ends) == end

    for key, take in takes.items():
        assert take.clip is not None
        figures = [far for far in (take.clip.first_apart, take.clip.last_apart) if far is not None]
        assert len(figures) == len(sent[key])
        assert max(figures) < APART / 2
    if vendor.usd_per_second:
        assert money(project)[0] == 16 * Decimal(vendor.usd_per_second[0])
    assert set(actions(project).values()) == {"reuse"}
    told = tailframe("takes", project, "e01", "lamp/020").stdout
    assert "of 1 from its first frame, ends 0.0" in told
    assert "finds" not in told


def _frame_of(clip: bytes, index: int) -> Any:
    import av

    with av.open(io.BytesIO(clip)) as container:
        return list(container.decode(video=0))[index].to_image()

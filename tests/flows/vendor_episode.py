"""An episode that every hosted vendor can make, and what each page says an order for one of its shots looks like.

The orders are written from the vendors' pages and not from the clients: key by key, with the JSON type that the page
shows. Ten shots stand in three chains. They name two pictures and a voice of one cast member, a film, spoken lines, a
literal first frame where the vendor's pages have one, a seed and silence where they have a switch for it.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from mypy_boto3_s3.client import S3Client

from render.ledger import Take
from render.ledger.rows import sent_seed
from tests.clips import make_clip
from tests.flows.episodes import plain_environment
from tests.projects import episode_file, png, scene, series_file, shot, wav, write_project
from tests.render.sandbox.standing import Standing
from tests.s3 import ENVIRONMENT
from tests.vendors import FACTS
from tests.vendors.facts import AUDIO, IMAGE, VIDEO, Expected, Sent, Vendor

MARA, PROFILE, VOICE = "references/cast/mara.png", "references/cast/mara-profile.png", "references/cast/mara.wav"
TOMAS, LAMP, SHORE = "references/cast/tomas.png", "references/locations/lamp.png", "references/locations/shore.png"
STYLE, SWELL = "references/styles/gouache.png", "references/swell.mp4"


TAGGED = {"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv"}

VENDORS = tuple(vendor for facts in FACTS.values() for vendor in facts.spellings)


def write_vendor_project(folder: Path, vendor: Vendor) -> Path:
    """The project: one episode of ten shots in three scenes."""
    film = make_clip(folder / "swell.mp4", frames=48, size=(640, 360)).read_bytes()
    pictures = {MARA: 400, PROFILE: 360, TOMAS: 380, LAMP: 420, SHORE: 440, STYLE: 200}
    files = {name: png(size, size, (size % 256, 90, 160)) for name, size in pictures.items()}
    series = {
        "cast": {
            "mara": {"name": "Mara", "description": "keeper of the lamp", "references": [MARA, PROFILE, VOICE]},
            "tomas": {"description": "a fisherman", "references": [TOMAS]},
        },
        "locations": {
            "lamp_room": {"name": "the lamp room", "references": [LAMP]},
            "shore": {"description": "black rocks", "references": [SHORE]},
        },
        "props": {},
        "styles": {"gouache": {"description": "flat gouache", "references": [STYLE]}},
        "defaults": {"provider": vendor.name, "resolution": "480p"},
        "delivery": {"master": {"width": 160, "height": 90, "fps": 24}},
        "prices": [] if vendor.usd_per_second else [{"provider": vendor.name, "usd_per_second": 0.05}],
        "budget": {"series": 100},
    }
    return write_project(
        folder,
        series=series_file(**series),
        episodes={"e01": episode_file("e01", *_scenes(vendor))},
        files={**files, VOICE: wav(2.5), SWELL: film},
    )


def _scenes(vendor: Vendor) -> list[dict[str, Any]]:
    literal = {"continuity": "first_frame"} if vendor.first_frame else {}
    seed = {"seed": 7} if vendor.seed else {}
    silent = {"audio": False} if vendor.audio_switch else {}
    line = [{"cast": "mara", "line": "One more winter."}]
    lamp = [
        shot("010", "{{ mara }} lights the lamp", duration=4),
        shot("020", "{{ mara }} opens the book", duration=1.5, dialogue=line),
        shot("030", "she turns a page", duration=4, **literal),
        shot("040", "she looks up", duration=4, camera="slow push in", sound="wind under the door"),
    ]
    shore = [
        shot("010", "{{ tomas }} rows", duration=2.3, references=[SWELL]),
        shot("020", "{{ tomas }} rests", duration=4, without=["captions", "music"], **seed),
        shot("030", "the boat drifts", duration=4, **silent),
    ]
    night = [
        shot("010", "{{ mara }} meets {{ tomas }}", duration=4),
        shot("020", "the light goes round", duration=4, beats=[{"at": 0.5, "prompt": "it catches {{ tomas }}"}]),
        shot("030", "the light goes out", duration=4),
    ]
    return [
        scene("lamp", *lamp),
        scene("shore", *shore, location="shore"),
        scene("night", *night, location="shore"),
    ]


def expected(vendor: Vendor) -> tuple[Expected, ...]:
    """Every order of the episode, in story order."""
    mara = (
        Sent(IMAGE, r"Mara \({}[,)]", MARA),
        Sent(IMAGE, r"Mara \([^)]*, {}[,)]", PROFILE),
        Sent(AUDIO, r"Mara \([^)]*, sounding like {}\)", VOICE),
    )
    tomas = Sent(IMAGE, r"Tomas \({}\)", TOMAS)
    lamp = Sent(IMAGE, r"Set in the lamp room \({}\)", LAMP)
    shore = Sent(IMAGE, r"Set in shore \({}\)", SHORE)
    style, swell = Sent(IMAGE, "Style of {}: flat gouache", STYLE), Sent(VIDEO, "Follow the movement of {}", SWELL)
    place = (shore, style)

    def after(key: str, index: int) -> Sent:
        return Sent(IMAGE, "^Begin exactly on {}, the last frame of the shot before", frame=(key, index))

    literal = Sent(IMAGE, "^Begin exactly on the first frame given, the last frame", frame=("lamp/020", 35))
    third = (literal,) if vendor.first_frame else (after("lamp/020", 35), lamp, style)
    return (
        Expected("lamp/010", (*mara, lamp, style)),
        Expected("lamp/020", (after("lamp/010", 95), *mara, lamp, style)),
        Expected("lamp/030", third, first_frame=vendor.first_frame),
        Expected("lamp/040", (after("lamp/030", 95), lamp, style)),
        Expected("shore/010", (tomas, *place, swell)),
        Expected("shore/020", (after("shore/010", 54), tomas, *place), seed=7 if vendor.seed else None),
        Expected("shore/030", (after("shore/020", 95), *place), audio=not vendor.audio_switch),
        Expected("night/010", (*mara, tomas, *place)),
        Expected("night/020", (after("night/010", 95), tomas, *place)),
        Expected("night/030", (after("night/020", 95), *place)),
    )


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """One sandbox for all vendors, whose plain clips are drawn already; jobs take a twentieth of a second."""
    state = tmp_path_factory.mktemp("sandbox")
    draw_clips_of_four_seconds(state / "clips")
    sandbox = Standing(state, job_seconds=0.05)
    sandbox.start()
    yield sandbox
    sandbox.close()


def draw_clips_of_four_seconds(folder: Path) -> None:
    """What sandboxes would draw for each of their looks, all alike; each frame carries its number."""
    folder.mkdir()
    for name, sound_s in (("864x496-4s-sound", 4.2), ("864x496-4s", None)):
        drawn = make_clip(folder / f"{name}.mp4", frames=96, size=(864, 496), sound_s=sound_s, **TAGGED)
        for look in range(6):
            shutil.copy(drawn, folder / f"{name}-{look}.mp4")


def buys_at(
    vendor: Vendor, standing: Standing, s3_endpoint: str, s3_client: S3Client, environment: pytest.MonkeyPatch
) -> None:
    """This process buys from the vendor's stand-in. What reads links alone is given them by a bucket of its own."""
    plain_environment(environment)
    settings = standing.environment | {"TAILFRAME_POLL_INTERVAL": "0.05", "KINOVI_DIALECT": vendor.dialect}
    if not vendor.uploads:
        bucket = f"bucket-{token_hex(6)}"
        s3_client.create_bucket(Bucket=bucket)
        settings |= ENVIRONMENT | {"AWS_ENDPOINT_URL_S3": s3_endpoint, "TAILFRAME_STORE_URL": f"s3://{bucket}"}
    for name, value in settings.items():
        environment.setenv(name, value)


def documented(vendor: Vendor, shot: Expected, prompt: str, links: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The body of an order for this shot: exactly the keys and types of the vendor's page."""
    write = FACTS[vendor.name].documented
    return write(vendor, shot, prompt, {kind: list(links.get(kind, ())) for kind in (IMAGE, VIDEO, AUDIO)})


def ordered_seed(take: Take) -> int | None:
    """The seed that an order was sent with, whoever chose it."""
    seed = sent_seed(take.request_json)
    return None if seed is None else seed.value


def exactly(body: Any) -> str:
    """A body so that 4 is neither "4" nor 4.0, and true not 1."""
    return json.dumps(body, sort_keys=True, indent=1)


def tokens(vendor: Vendor, shot: Expected) -> list[str]:
    """How the prompt must point at each reference, in the order in which they are sent; a literal frame has none."""
    if shot.first_frame:
        return []
    counts = {IMAGE: 0, VIDEO: 0, AUDIO: 0}
    found = []
    for each in shot.sent:
        counts[each.kind] += 1
        kind = each.kind if vendor.token.islower() else each.kind.title()
        found.append(f"@{kind}{counts[each.kind]}")
    return found


def tokens_of(prompt: str) -> list[str]:
    """Every token of a prompt, in any spelling."""
    return re.findall(r"@[A-Za-z]+\d+", prompt)

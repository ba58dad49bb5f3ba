"""This machine: Python, ffmpeg and Prefect."""

import asyncio
import importlib.metadata
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from flows.doctor.runner import told_by
from render.errors import MediaError
from render.providers.findings import Finding, good, look, wrong

if TYPE_CHECKING:
    import httpx

    from render.media.ffmpeg_needs import Parts

__all__ = ["look_at_ffmpeg", "look_at_prefect", "look_at_python"]

OLDEST = (3, 11)
TRIED_ON = ("linux", "darwin")


def look_at_python(
    version: tuple[int, int, int] = sys.version_info[:3], system: str = sys.platform
) -> Sequence[Finding]:
    """The interpreter, this distribution, and the system."""
    shown = ".".join(map(str, version))
    python = good("python", f"{shown}, {sys.executable}")
    if version < OLDEST:
        python = wrong("python", shown, "Install Python 3.11 or newer, and make the virtual environment again with it")
    known = good if system in TRIED_ON else _look_at_system
    return [python, good("tailframe", importlib.metadata.version("tailframe")), known("system", platform.platform())]


def _look_at_system(what: str, value: str) -> Finding:
    return look(what, value, "Tailframe is made for Linux and macOS; run it there")


async def look_at_ffmpeg() -> Sequence[Finding]:
    """Which ffmpeg is used, what it can do, and one second of film that is really made and decoded."""
    from render.media import ffmpeg_needs
    from render.media.ffmpeg import ffmpeg_path

    try:
        path = ffmpeg_path()
        version = await asyncio.to_thread(ffmpeg_needs.version_of, path)
        found = await asyncio.to_thread(ffmpeg_needs.parts_of, path)
    except MediaError as error:
        return [wrong("program", *told_by(error))]
    program = good("program", f"{version} at {path}{_chosen_by(path)}")
    return [program, _cut(found), _others(found), await _trial()]


def _chosen_by(path: Path) -> str:
    if os.environ.get("TAILFRAME_FFMPEG"):
        return ", as TAILFRAME_FFMPEG says"
    return "" if shutil.which("ffmpeg") == str(path) else ", which came along"


def _cut(found: "Parts") -> Finding:
    """What every run asks for before it orders anything."""
    from render.media.ffmpeg_needs import THE_CUT, missing, remedy, told

    if lacking := missing(THE_CUT, found):
        return wrong("cut", f"{told(lacking)} missing: no run begins", remedy())
    return good("cut", f"all {sum(map(len, THE_CUT.values()))} parts that it needs")


def _others(found: "Parts") -> Finding:
    """What only some references, and rehearsals, ask for."""
    from render.media import ffmpeg_needs
    from render.media.ffmpeg_needs import for_films, missing, remedy, told

    needed = {
        "references in other formats": ffmpeg_needs.REFERENCES,
        "films in HDR and their like": for_films(ffmpeg_needs.FILMS),
        "subtitles": ffmpeg_needs.SUBTITLES,
        "subtitles in the picture": ffmpeg_needs.BURNT_IN,
        "rehearsals": ffmpeg_needs.THE_SANDBOX,
    }
    lacking = [f"{told(lacks)} for {what}" for what, parts in needed.items() if (lacks := missing(parts, found))]
    if lacking:
        return look("others", f"missing: {'; '.join(lacking)}", remedy())
    return good("others", f"all {sum(len(names) for parts in needed.values() for names in parts.values())}")


async def _trial() -> Finding:
    """One second through the house encoder, decoded again whole, in a folder that goes."""
    from render.cut import house_encoder
    from render.media import ffmpeg
    from render.media.decoded_clip import clip_facts
    from render.media.graph import invented
    from storyboard.shot import MasterFormat

    with tempfile.TemporaryDirectory(prefix="tailframe-doctor-") as folder:
        clip = Path(folder) / "second.mp4"
        picture, tone = invented("testsrc2=size=160x90:rate=24:duration=1"), invented("sine=duration=1")
        graph = house_encoder.output(picture, tone, clip, MasterFormat(160, 90, Fraction(24)))
        try:
            await ffmpeg.run(graph, what="encode a second of film", timeout_s=30)
            frames = (await asyncio.to_thread(clip_facts, clip)).frames
        except Exception as error:  # ffmpeg, PyAV or the disk: whatever it is, no clip was made here
            told, _ = told_by(error)
            return wrong("encode", told, "Name another ffmpeg in TAILFRAME_FFMPEG, and look for room in TMPDIR")
    return good("encode", f"a second of film, {frames} frames, decoded again")


def look_at_prefect(environment: Mapping[str, str]) -> Sequence[Finding]:
    """Which Prefect is installed, and the server that runs would use."""
    version = importlib.metadata.version("prefect")
    url = environment.get("PREFECT_API_URL", "").strip()
    return [good("version", version), _named_server(url, version, environment) if url else _embedded_server()]


def _embedded_server() -> Finding:
    from flows.errors import ServerError
    from flows.prefect.server import state_folder

    try:
        state = state_folder()
    except ServerError as error:
        return wrong("server", *told_by(error))
    return good("server", f"one for each run, in {state}")


def _named_server(url: str, ours: str, environment: Mapping[str, str]) -> Finding:
    answer = _version_told(url, environment)
    if isinstance(answer, Finding):
        return answer
    if answer.status_code in {401, 403}:
        return wrong("server", f"{url} answers {answer.status_code}", "Set PREFECT_API_KEY or PREFECT_API_AUTH_STRING")
    theirs = answer.text.strip().strip('"')
    if not answer.is_success or not re.fullmatch(r"\d+\.\d+[\w.+-]*", theirs):
        told = f"{url} answers {answer.status_code}, and not as Prefect does"
        return wrong("server", told, "Check PREFECT_API_URL; it ends in /api")
    major = ours.partition(".")[0]
    if theirs.partition(".")[0] != major:
        return wrong("server", f"{url} is Prefect {theirs}", f"Bring the server to Prefect {major}")
    return good("server", f"{url} is Prefect {theirs}")


def _version_told(url: str, environment: Mapping[str, str]) -> "httpx.Response | Finding":
    """What answers there, asked as a run would ask; a finding where nothing does."""
    import httpx

    from flows.prefect.named_server import authorization
    from render.errors import BadSetting
    from render.net.system_proxies import proxy_to, unusable_proxy
    from render.net.transport import ssl_context

    if (found := unusable_proxy(url, ["http", "https", "all"])) is not None:
        return wrong("server", *told_by(BadSetting(*found)))
    key, auth_string = environment.get("PREFECT_API_KEY", ""), environment.get("PREFECT_API_AUTH_STRING", "")
    try:
        return httpx.get(
            f"{url.rstrip('/')}/admin/version",
            headers=authorization(key=key, auth_string=auth_string),
            timeout=15,
            trust_env=False,
            proxy=proxy_to(url),
            verify=ssl_context(),
        )
    except BadSetting as error:
        return wrong("server", *told_by(error))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        remedy = "Start it, or unset PREFECT_API_URL to run with an embedded one"
        return wrong("server", f"{url} does not answer: {error}", remedy)

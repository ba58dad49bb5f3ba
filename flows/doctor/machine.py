"""This machine: Python, ffmpeg and Prefect."""

import asyncio
import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from flows.doctor.rounds import told_by
from render.errors import MediaError
from render.providers.findings import Finding, good, look, wrong

__all__ = ["look_at_ffmpeg", "look_at_prefect", "look_at_python"]

OLDEST = (3, 11)
TRIED_ON = ("linux", "darwin")

ENCODERS = ("aac", "libmp3lame", "libx264", "pcm_s16le")
FILTERS = (
    *("afade", "aformat", "alimiter", "amix", "apad", "aresample", "atrim", "color", "crop", "format", "fps", "pad"),
    *("scale", "setparams", "setpts", "setsar", "settb", "sine", "testsrc2", "tpad", "trim", "volume"),
)
"""What the graphs of this house are made of."""

_LISTED = re.compile(r"^ [A-Z.|]{2,6} +(\w+) ", re.MULTILINE)


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
    from render.media.ffmpeg import ffmpeg_path

    try:
        path = ffmpeg_path()
    except MediaError as error:
        return [wrong("program", *told_by(error))]
    version = await asyncio.to_thread(_said, path, "-version")
    if not version.startswith("ffmpeg version "):
        told = f"{path} does not say that it is ffmpeg"
        return [wrong("program", told, "Name an ffmpeg in TAILFRAME_FFMPEG, or unset it")]
    program = good("program", f"{version.split()[2]} at {path}{_chosen_by(path)}")
    lists = [await asyncio.to_thread(_said, path, "-hide_banner", each) for each in ("-encoders", "-filters")]
    return [program, _parts("encoders", lists[0], ENCODERS), _parts("filters", lists[1], FILTERS), await _trial()]


def _said(path: Path, *arguments: str) -> str:
    """What it prints; nothing where it cannot be run."""
    try:
        done = subprocess.run(
            [str(path), *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace")


def _chosen_by(path: Path) -> str:
    if os.environ.get("TAILFRAME_FFMPEG"):
        return ", as TAILFRAME_FFMPEG says"
    return "" if shutil.which("ffmpeg") == str(path) else ", which came along"


def _parts(what: str, listed: str, needed: Sequence[str]) -> Finding:
    missing = sorted(set(needed) - set(_LISTED.findall(listed)))
    if not missing:
        return good(what, f"all {len(needed)} that are needed")
    remedy = "Use an ffmpeg that was built with them; the one that comes along was: unset TAILFRAME_FFMPEG"
    return wrong(what, f"{', '.join(missing)} missing", remedy)


async def _trial() -> Finding:
    """One second through the house encoder, decoded again whole, in a folder that goes."""
    from render.cut import house
    from render.media import ffmpeg
    from render.media.clip import clip_facts
    from render.media.graph import invented
    from storyboard.shot import MasterFormat

    with tempfile.TemporaryDirectory(prefix="tailframe-doctor-") as folder:
        clip = Path(folder) / "second.mp4"
        picture, tone = invented("testsrc2=size=160x90:rate=24:duration=1"), invented("sine=duration=1")
        graph = house.output(picture, tone, clip, MasterFormat(160, 90, Fraction(24)))
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
    return [good("version", version), _named_server(url, version) if url else _embedded_server()]


def _embedded_server() -> Finding:
    from flows.server import ServerError, state_folder

    try:
        state = state_folder()
    except ServerError as error:
        return wrong("server", *told_by(error))
    return good("server", f"one for each run, in {state}")


def _named_server(url: str, ours: str) -> Finding:
    import httpx

    remedy = "Start it, or unset PREFECT_API_URL to run with an embedded one"
    try:
        answer = httpx.get(f"{url.rstrip('/')}/admin/version", timeout=15)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return wrong("server", f"{url} does not answer: {error}", remedy)
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

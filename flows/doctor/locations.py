"""Where things are kept: the environment's own words, the project, the ledger, the store and the archive."""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from flows.doctor.doctor_context import DoctorContext
from flows.run.boundaries import refuse_links_out
from flows.settings import needs_shared_store
from render.providers.findings import Finding, Health, good, look, wrong
from storyboard.errors import LeadsOut
from storyboard.paths import typed

__all__ = [
    "look_at_archive",
    "look_at_environment",
    "look_at_ledger",
    "look_at_project",
    "look_at_store",
]

GIB = 1024**3
LITTLE_ROOM = 5 * GIB
NO_ROOM = GIB // 4
TRIAL = b"tailframe doctor\n"
"""The one blob that an examination leaves in a bucket. Always the same, since nothing in a store is ever deleted."""


def look_at_environment(around: DoctorContext) -> Sequence[Finding]:
    """Every variable that holds what cannot be used; else which are set, by name alone."""
    if around.problems:
        remedy = "Correct it, or unset it: until then no command runs"
        return [wrong("variable", f"{name} {problem}", remedy) for name, problem in around.problems.items()]
    known = {name.upper() for name in type(around.settings).model_fields}
    named = sorted(name for name, value in around.environment.items() if value and name in known)
    return [good("variables", ", ".join(named) or "none set")]


def look_at_project(around: DoctorContext) -> Sequence[Finding]:
    """Whether its storyboards can be read, and whether there is room for what it makes."""
    read, places = around.storyboards, around.places
    assert places is not None
    assert around.project is not None
    if read.mistakes:
        count = f"{read.mistakes} mistake{'s' * (read.mistakes != 1)}"
        remedy = f"See them with: tailframe check {typed(around.project)}"
        story = wrong("story", f"{count} in {around.project}", remedy)
    else:
        asks = ", ".join(sorted(read.vendors)) or "nobody"
        shots = f"{read.shots} shot{'s' * (read.shots != 1)}"
        episodes = f"{read.episodes} episode{'s' * (read.episodes != 1)}"
        story = good("story", f"{read.series}: {shots} in {episodes}, asking {asks}")
    try:
        refuse_links_out(places)
    except LeadsOut as error:
        return [story, wrong("links", f"{error.link} leads out of the project: no run begins", error.remedy)]
    rooms = {_device(folder): folder for folder in (places.scratch, places.outputs)}
    return [story, good("links", "none leads out of the project"), *(_room(folder) for folder in rooms.values())]


def look_at_ledger(around: DoctorContext) -> Sequence[Finding]:
    """Whether it opens, is of this version and whole, and who waits for a person in it. Writes nothing."""
    from render.ledger import queries, sqlite_path
    from render.ledger.integrity import damage
    from render.ledger.misplaced import refuse_misplaced

    place = around.ledger
    assert place is not None
    path = sqlite_path(place)
    if isinstance(place, Path) and around.project is not None:
        refuse_misplaced(place, around.project)
    with around.workspace.reading() as opened:
        if opened.ledger is None:
            assert path is not None
            return [_writable(path.parent, f"{path} is made by the first run")]
        alarms = len(opened.ledger.read(queries.alarms))
    where = str(path) if path is not None else "PostgreSQL answers, and its tables are of this version"
    found = [good("tables", where)]
    if path is not None:
        found.append(_integrity(damage(path), path))
    if alarms:
        found.append(look("alarms", f"{alarms} wait for a person", "See them with: tailframe status PROJECT"))
    return found


def look_at_store(around: DoctorContext) -> Sequence[Finding]:
    """Whether a blob can be written and read. A folder keeps nothing of it, a bucket one blob of 17 bytes."""
    url = around.store_url
    assert url is not None
    with tempfile.TemporaryDirectory(prefix="tailframe-doctor-") as cache:
        found = _bucket_store(around, Path(cache)) if url.startswith("s3://") else [_writable(Path(url), url)]
    return [*found, *_unshared_store(around, url)]


def look_at_archive(around: DoctorContext) -> Sequence[Finding]:
    """Whether finished episodes could be written, never over others, and read: what every run tries before it pays."""
    from render.episode.archive.trial_write import try_archive

    url = around.archive_url
    assert url is not None
    in_a_bucket = url.startswith("s3://")
    if not in_a_bucket and (found := _writable(Path(url), url)).health is Health.WRONG:
        return [found]
    try_archive(url)
    return [good("bucket" if in_a_bucket else "folder", f"{url}: written, not written over, and read")]


def _bucket_store(around: DoctorContext, cache: Path) -> list[Finding]:
    sha256 = around.workspace.store_cached_in(cache / "put").put(TRIAL)
    store = around.workspace.store_cached_in(cache / "got")  # which does not have it yet
    store.get(sha256)
    return [good("blobs", f"written to {around.store_url}, and read"), _link(store.link(sha256, timedelta(minutes=5)))]


def _link(link: str | None) -> Finding:
    """Vendors read references by such links."""
    import httpx

    from render.net.system_proxies import proxy_to
    from render.net.transport import ssl_context

    if link is None:
        return look("links", "the bucket is reached by plain http, so no vendor reads it", "References are uploaded")
    try:
        answer = httpx.get(link, timeout=15, trust_env=False, proxy=proxy_to(link), verify=ssl_context())
    except (httpx.HTTPError, ValueError) as error:
        return wrong("links", f"a signed link leads nowhere: {error}", "Check AWS_ENDPOINT_URL_S3")
    if answer.content != TRIAL:
        told = f"a signed link is answered with {answer.status_code}"
        return wrong("links", told, "Check this machine's clock, and whether the keys may read")
    return good("links", "a signed link can be read")


def _unshared_store(around: DoctorContext, store_url: str) -> list[Finding]:
    """A team's ledger with clips on one machine's disk is refused by every run."""
    if store_url.startswith("s3://") or around.ledger is None:
        return []
    if not needs_shared_store(around.ledger, around.environment):
        return []
    told = "the ledger is shared, and the clips would be on this machine alone"
    remedy = "Set TAILFRAME_STORE_URL to s3://bucket/prefix, or TAILFRAME_ALLOW_LOCAL_STORE=1 on a single machine"
    return [wrong("shared", told, remedy)]


def _integrity(found: Sequence[str], path: Path) -> Finding:
    if not found:
        return good("whole", "SQLite finds nothing broken")
    return wrong("whole", f"{path}: {found[0]}", "Stop every run, and restore the ledger from a backup")


def _writable(folder: Path, shown: str) -> Finding:
    """Whether a file can be made there, or in the folder above that exists; it is gone at once."""
    there = _existing(folder)
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(TRIAL)
            file.flush()
    except OSError as error:
        return wrong("folder", f"{there} cannot be written: {error.strerror}", "Check its rights, or name another")
    return good("folder", shown)


def _room(folder: Path) -> Finding:
    there = _existing(folder)
    free = shutil.disk_usage(there).free
    shown = f"{free / GIB:.1f} GiB free for {folder}"
    if free >= LITTLE_ROOM:
        return good("room", shown)
    return (wrong if free < NO_ROOM else look)("room", shown, "Make room: clips and masters need gigabytes")


def _device(folder: Path) -> int:
    return _existing(folder).stat().st_dev


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(each for each in (folder, *folder.parents) if each.is_dir())

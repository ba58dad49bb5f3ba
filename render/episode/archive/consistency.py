"""Whether an archive's take records agree: with its manifest, with its files, and among themselves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from itertools import chain, islice

from render.episode.archive.take_records import MOST_EXPLAINED, TakeRecords, brief, titled
from render.episode.archive_errors import InvalidTakeRecords
from render.episode.manifest import Manifest, ShotRecord
from render.ledger import Take
from storyboard.shot_key import is_of_episode

_Place = Callable[[Take], Hashable | None]

_PLACES: Mapping[str, _Place] = {
    "id": lambda take: take.id,
    "job_id": lambda take: None if take.job_id is None else (take.account, take.job_id),
    "number": lambda take: (take.shot, take.number),
    "ordinal": lambda take: (take.run, take.shot, take.ordinal),
}
"""What no two takes of a ledger share, by the field that tells them apart."""

_NAMED: Mapping[str, Callable[[ShotRecord], object]] = {
    "number": lambda line: line.take,
    "provider": lambda line: line.provider,
    "model": lambda line: line.model,
    "job_id": lambda line: line.job_id,
    "fingerprint": lambda line: line.fingerprint,
}
"""What a manifest says of a shot's take, by the take's field."""


def refuse_disagreement(records: TakeRecords, manifest: Manifest, sizes: Mapping[str, int]) -> None:
    """Raise InvalidTakeRecords, which names every take and field that something else in the archive contradicts.

    `sizes` are the bytes of all its files, by their sha256.
    """
    found = chain(_of_takes(records, manifest, sizes), _of_lines(records, manifest), _of_circles(records, manifest))
    if mistakes := list(islice(found, MOST_EXPLAINED)):
        raise InvalidTakeRecords(mistakes)


def _of_takes(records: TakeRecords, manifest: Manifest, sizes: Mapping[str, int]) -> Iterator[str]:
    seen: dict[tuple[str, Hashable], Take] = {}
    for at, take in enumerate(records.takes):
        said = titled(at, take)
        if take.series != manifest.series:
            yield f"{said}: series must be {manifest.series}, as in the manifest"
        for field, place in _PLACES.items():
            held = place(take)
            if held is not None and seen.setdefault((field, held), take) != take:
                yield f"{said}: {field} is another take's too"
        if take.clip is not None and take.clip.sha256 not in sizes:
            yield f"{said}: clip.sha256 must be of a file in the archive"
        elif take.clip is not None and take.clip.bytes != sizes[take.clip.sha256]:
            yield f"{said}: clip.bytes must be the {sizes[take.clip.sha256]} of its file"


def _of_lines(records: TakeRecords, manifest: Manifest) -> Iterator[str]:
    """Every shot of the cut has its take here, else it would be bought again."""
    first: dict[str, int] = {}
    held = set()
    for at, take in enumerate(records.takes):
        if take.clip is not None:
            first.setdefault(take.clip.sha256, at)
            held.add((take.clip.sha256, *(getattr(take, field) for field in _NAMED)))
    for line in manifest.shots:
        if line.clip is None or (line.clip.sha256, *(said(line) for said in _NAMED.values())) in held:
            continue
        if line.clip.sha256 not in first:
            yield f"takes: one must have the clip that the manifest names for {brief(line.key)}"
        else:
            yield from _differing(line, first[line.clip.sha256], records)


def _differing(line: ShotRecord, at: int, records: TakeRecords) -> Iterator[str]:
    take = records.takes[at]
    for field, said in _NAMED.items():
        if getattr(take, field) != said(line):
            yield f"{titled(at, take)}: {field} must be what the manifest says of {brief(line.key)}"


def _of_circles(records: TakeRecords, manifest: Manifest) -> Iterator[str]:
    """A choice may name a take that the cut does not use: it is not archived then, and not brought back."""
    seen = set()
    for at, circle in enumerate(records.circles):
        if not is_of_episode(circle.shot, manifest.episode):
            yield f"circles[{at}] of {circle.shot}: shot must be of the episode {manifest.episode}"
        if circle.shot in seen:
            yield f"circles[{at}] of {circle.shot}: shot has another choice too"
        seen.add(circle.shot)

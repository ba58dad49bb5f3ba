"""Everything that a run imports on its way, and nothing else: what `tests.flows.forks` hands to its children."""

from __future__ import annotations

import contextlib
import gc
import importlib

from render.errors import MediaError
from render.media.ffmpeg import ffmpeg_path
from render.media.ffmpeg_needs import parts_of
from render.providers.registry import hosted_vendors

_MODULES = (
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.PpmImagePlugin",
    "anyio._backends._asyncio",
    "av",
    "encodings.idna",
    "render.ledger.schema_upgrade",
    "tests.flows.runs",
    *(f"{vendor.package}.provider" for vendor in hosted_vendors()),
)

for _name in _MODULES:
    importlib.import_module(_name)

with contextlib.suppress(MediaError):  # what its ffmpeg can do, a process asks once
    parts_of(ffmpeg_path())

gc.set_threshold(50_000)  # as the command does it
gc.freeze()  # what stays for ever is looked at no more, and its pages stay shared

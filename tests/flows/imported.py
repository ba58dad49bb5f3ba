"""Everything that a run imports on its way, and nothing else: what `tests.flows.forks` hands to its children."""

from __future__ import annotations

import gc
import importlib

_MODULES = (
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.PpmImagePlugin",
    "anyio._backends._asyncio",
    "av",
    "encodings.idna",
    "render.ledger.schema",
    "render.providers.aihubmax.provider",
    "render.providers.evolink.provider",
    "render.providers.kinovi.provider",
    "render.providers.oxen.provider",
    "tests.flows.runs",
)

for _name in _MODULES:
    importlib.import_module(_name)

gc.set_threshold(50_000)  # as the command does it
gc.freeze()  # what stays for ever is looked at no more, and its pages stay shared

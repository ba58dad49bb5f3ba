"""Opens the vendors that a workspace asks: in a rehearsal stand-ins alone, and for earlier takes those that can be."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import RealVendor
from storyboard.errors import TailframeError

if TYPE_CHECKING:
    from render.providers import Provider
    from render.watcher import Watcher

__all__ = ["open_vendor", "those_that_open"]


def open_vendor(
    name: str,
    *,
    scratch: Path,
    blob_path: Callable[[str], Path],
    environment: Mapping[str, str],
    rehearsal: bool,
) -> "Provider":
    """A vendor, ready to be asked; see `Workspace.vendor` for what it raises."""
    from render.providers.registry import ProviderContext, capabilities_of, open_provider
    from storyboard.accounts import is_stand_in

    sold = capabilities_of(name, environment)
    if rehearsal and sold.origin.startswith(("http://", "https://")) and not is_stand_in(sold.account):
        raise RealVendor(
            f"a rehearsal asks stand-ins on this machine only, and {name} is the real one, at {sold.origin}",
            "Run `tailframe rehearse`, which brings a sandbox, or choose a vendor that it speaks for: --provider",
        )
    return open_provider(name, ProviderContext(scratch=scratch, blob_path=blob_path, environment=environment))


def those_that_open(
    names: Iterable[str], vendor: "Callable[[str], Provider]", watcher: "Watcher"
) -> "dict[str, Provider]":
    """Vendors of earlier takes. One that cannot be opened today (its key is gone) stops nothing else."""
    opened = {}
    for name in names:
        try:
            opened[name] = vendor(name)
        except TailframeError as error:
            watcher.note(f"{name} cannot be asked for clips that are on their way or missing: {error}")
    return opened

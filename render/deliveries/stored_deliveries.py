"""Where deliveries are kept: blobs in the store, found by the keys of what they were made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from render.deliveries.delivery_facts import DeliveryFacts
from render.references.publish import DerivedPort
from render.store import Store

_FACTS: TypeAdapter[DeliveryFacts] = TypeAdapter(DeliveryFacts)


@dataclass(frozen=True, slots=True)
class StoredDeliveries:
    """Finds what was made before, and keeps what is made. Blocking; call it from a thread."""

    store: Store
    derived: DerivedPort

    def found(self, key: str) -> DeliveryFacts | None:
        """What is known of the delivery under this key, where its file is still there."""
        told = self.derived.derived(key)
        if told is None or not self.store.has(told):
            return None
        try:
            facts = _FACTS.validate_json(self.store.get(told))
        except ValidationError:  # another version wrote it
            return None
        return facts if self.store.has(facts.sha256) else None

    def picture(self, key: str | None, suffix: str) -> Path | None:
        """A file that has the picture of this key encoded, to be read and not to be moved."""
        sha256 = None if key is None else self.derived.derived(key)
        return self.store.local_path(sha256, suffix) if sha256 is not None and self.store.has(sha256) else None

    def keep(self, key: str, picture: str | None, file: Path, facts: DeliveryFacts) -> None:
        """Keep a file and what is known of it, under its key and that of its picture. The key comes last.

        The file becomes the blob, and is gone from where it was.
        """
        self.store.put_made(file, known=facts.sha256)
        told = self.store.put(_FACTS.dump_json(facts))
        if picture is not None:
            self.derived.remember_derived(picture, facts.sha256)
        self.derived.remember_derived(key, told)

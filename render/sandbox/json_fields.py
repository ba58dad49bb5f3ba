"""Reads an order's JSON key by key, and remembers what is wrong with it and which keys nobody knows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that an order may not say. `code` is a short name for the kind of problem."""

    path: str
    code: str
    message: str


@dataclass(slots=True)
class Fields:
    """One JSON object. A value of the wrong type is a problem and reads as the default: bools are no numbers here."""

    body: dict[str, Any]
    under: str = ""
    problems: list[Problem] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def text(self, key: str, *, most: int | None = None, required: bool = False, default: str = "") -> str:
        """Text of at most so many characters."""
        value = self._value(key)
        if value is None:
            if required:
                self.wrong(key, "required", f"{key} is required")
            return default
        if not isinstance(value, str) or (required and not value.strip()):
            return self.wrong(key, "invalid_type", f"{key} must be a text") or default
        if most is not None and len(value) > most:
            self.wrong(key, "too_long", f"{key} has {len(value)} characters, at most {most} are allowed")
        return value

    def choice(self, key: str, values: Collection[str], default: str) -> str:
        """One of several words."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, str) or value not in values:
            self.wrong(key, "invalid_value", f"Invalid {key}: {value!r:.60}, valid are {', '.join(values)}")
            return default
        return value

    def whole(self, key: str, values: Collection[int] | None, default: int) -> int:
        """A whole number; of `values` where they are given. A text of digits is none."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or (values is not None and value not in values):
            self.wrong(key, "invalid_value", f"Invalid {key}: {value!r:.60}")
            return default
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Yes or no."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(key, "invalid_type", f"{key} must be true or false")
            return default
        return value

    def links(self, key: str, most: int) -> list[str]:
        """A list of links."""
        value = self._value(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            self.wrong(key, "invalid_type", f"{key} must be a list of links")
            return []
        if len(value) > most:
            self.wrong(key, "too_many", f"{key} holds {len(value)} links, at most {most} are allowed")
        return list(value)

    def wrong(self, key: str, code: str, message: str) -> str:
        """Note a problem."""
        self.problems.append(Problem(f"{self.under}{key}", code, message))
        return ""

    @property
    def unknown(self) -> list[str]:
        """Keys that this dialect does not have."""
        return [f"{self.under}{key}" for key in self.body if key not in self.known]

    def _value(self, key: str) -> Any:
        self.known.add(key)
        return self.body.get(key)

"""What is written in a YAML file, and where? Values with positions, under limits, never a traceback.

`read(path, name)` and `parse(raw, name)` give a `Document`: plain values (texts, whole numbers, `Decimal`, truths,
None, lists, dicts), where each of them is written, and every mistake found on the way. YAML 1.2's core rules hold, so
`no` is a text and `1:30` too; numbers never pass through a binary float.
"""

from __future__ import annotations

from storyboard.source.decode import MOST_BYTES, Text
from storyboard.source.document import Document, Plain, parse, read, unusable
from storyboard.source.positions import Path, Positions

__all__ = ["MOST_BYTES", "Document", "Path", "Plain", "Positions", "Text", "parse", "read", "unusable"]

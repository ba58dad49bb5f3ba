"""Every module that puts a blob is known to garbage collection, with where it writes down the blob's name."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import render.garbage_collection

ROOT = Path(__file__).parents[3]
PUTS = {"put", "put_file", "put_made"}
OTHERS = {
    "flows.review.change_streams",  # a queue
    "render.episode.archive",  # objects of an archive
    "render.providers",  # a vendor's own upload
    "render.store.local_store",
    "render.store.s3_store",
    "render.store.s3_bucket",
}
"""What has a `put` of another kind, or is the store itself; a package stands for its modules."""


def named_puts(path: Path) -> bool:
    """Whether a module names one of the ways to put a blob, be it to call it or to hand it to a thread."""
    text = path.read_text()
    nodes = ast.walk(ast.parse(text)) if ".put" in text else ()
    return any(isinstance(node, ast.Attribute) and node.attr in PUTS for node in nodes)


def test_whoever_puts_a_blob_stands_in_the_list() -> None:
    """A new caller has to say there what refers to the blob; else it would be collected a day after it was put."""
    found = set()
    for floor in ("flows", "render"):
        for path in (ROOT / floor).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            if named_puts(path) and not any(name == each or name.startswith(f"{each}.") for each in OTHERS):
                found.add(name)
    found.add("render.episode.archive.rejoin_project")
    listed = re.findall(r"^    ((?:flows|render)\.[\w.]+) +\S", render.garbage_collection.__doc__ or "", re.MULTILINE)
    assert sorted(listed) == sorted(found)

"""How one line of a command's news looks on standard error: as it is, or as JSON where the log is asked for so."""

import json
import os
import sys
from datetime import UTC, datetime

from storyboard.text.printable import printable, printable_json

__all__ = ["json_lines", "news_line"]


def json_lines() -> bool:
    """Whether everything on standard error is JSON, a line an object: TAILFRAME_LOG=json, and nobody's terminal."""
    return os.environ.get("TAILFRAME_LOG") == "json" and not sys.stderr.isatty()


def news_line(text: str, *, lines: bool = False) -> str:
    """What is written for this text, fit to be shown. `lines`: it may hold several."""
    if not json_lines():
        return printable(text, lines=lines)
    told = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": "INFO", "text": text}
    return printable_json(json.dumps(told, ensure_ascii=False))

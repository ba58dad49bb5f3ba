"""An ffmpeg that lacks what a test takes away from it: it lists it no more, and fails where it is asked for it."""

from __future__ import annotations

import shlex
from pathlib import Path

from render.media.ffmpeg import shipped_ffmpeg


def crippled(folder: Path, *lacks: str) -> Path:
    """Write such an ffmpeg into `folder`; all that it still has is real."""
    shipped = shipped_ffmpeg()
    assert shipped is not None
    folder.mkdir(parents=True, exist_ok=True)
    program, real = folder / "ffmpeg", shlex.quote(str(shipped))
    hidden = "".join(f" -e '[ -]{name}[ :[]'" for name in lacks) or " -e '^$'"
    asked = "".join(f'*[:=\\ ,]{name}[=\\ ,]*|*" {name} "*) echo "Unknown: {name}" >&2; exit 1;;\n' for name in lacks)
    program.write_text(
        f'#!/bin/sh\ncase "$1 $2 $3" in\n-version*) exec {real} "$@";;\n'
        f'"-hide_banner -"[edfh]*) {real} "$@" | grep -v{hidden}; exit 0;;\nesac\n'
        f'case " $* " in\n{asked}esac\nexec {real} "$@"\n'
    )
    program.chmod(0o755)
    return program

"""What is needed of ffmpeg: the list is what the graphs are made of, and an ffmpeg that lacks any of it is told."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from render.errors import MediaError
from render.media.ffmpeg import ffmpeg_path, shipped_ffmpeg
from render.media.ffmpeg_needs import (
    BURNT_IN,
    COMPARISON,
    FILMS,
    REFERENCES,
    SUBTITLES,
    THE_CUT,
    THE_SANDBOX,
    Parts,
    for_films,
    missing,
    need_for_the_cut,
    parts_of,
    told,
)
from tests.render.media.crippled import crippled

ROOT = Path(__file__).parents[3]
BY_ITSELF = {"abuffer", "abuffersink", "buffer", "buffersink", "hflip", "transpose", "vflip"}
"""Filters that no graph of ours names: ffmpeg puts them in."""


def strings(node: ast.AST) -> Iterator[str]:
    """Every text within an expression; what is formatted into one counts as a zero."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from strings(child)


def assigned(function: ast.AST, name: str) -> set[str]:
    """Every text that a function may give to a name."""
    given = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
    return {text for node in given if name in _targets(node) for text in strings(node.value)}


def _targets(node: ast.Assign) -> set[str]:
    return {each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)}


def filters_in(file: Path) -> set[str]:
    """The filters that a module's graphs name: `.filter("…")`, `merge(…, "…")` and `invented("…,…")`."""
    found: set[str] = set()
    for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for call in ast.walk(function):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            called = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if called == "invented":
                found |= {part.partition("=")[0] for text in strings(call.args[0]) for part in text.split(",")}
            elif called == "merge" and len(call.args) > 1:
                found |= set(strings(call.args[1]))
            elif called == "filter" and isinstance(call.args[0], ast.Name):
                found |= assigned(function, call.args[0].id)
            elif called == "filter" and isinstance(call.args[0], ast.Constant):
                found |= set(strings(call.args[0]))
    return found


def modules(under: str = "") -> list[Path]:
    """The modules below a folder of `render/`."""
    return sorted((ROOT / "render" / under).rglob("*.py"))


def test_every_filter_that_a_graph_names_is_listed_and_no_other() -> None:
    """The cut's, with those that ffmpeg puts in by itself; those for films that are not ordinary; and the sandbox's."""
    sandbox = {name for file in modules("sandbox") for name in filters_in(file)}
    others = set(modules()) - set(modules("sandbox")) - set(modules("deliveries"))

    films = frozenset[str]().union(*FILMS.values())
    listed = THE_CUT["filter"] | REFERENCES["filter"] | films | BURNT_IN["filter"] | COMPARISON["filter"]
    assert {name for file in others for name in filters_in(file)} | BY_ITSELF == listed
    assert films - THE_CUT["filter"] == {"bwdif", "premultiply", "sidedata", "tonemap", "zscale"}
    assert sandbox - THE_CUT["filter"] == THE_SANDBOX["filter"]


def test_every_encoder_and_muxer_that_is_written_is_listed() -> None:
    """`c:v`, `c:a` and `format` of every file that is written, and what references are made in."""
    others = [file for file in modules() if file not in modules("deliveries")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in others)
    encoders = set(re.findall(r'"c:[av]": "(\w+)"', code)) - {"copy"}
    muxers = set(re.findall(r'"format": "(\w{1,5})"|sink\(.*format="(\w+)"', code))

    assert encoders == THE_CUT["encoder"]
    assert set(re.findall(r'"c:s": "(\w+)"', code)) == SUBTITLES["encoder"]
    assert {name for match in muxers for name in match if name} == THE_CUT["muxer"]
    fitting = ast.parse((ROOT / "render" / "media" / "sound_fit.py").read_text(encoding="utf-8"))
    tables = {
        target.id: set(strings(ast.Tuple(elts=node.value.values)))
        for node in fitting.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert tables["_SOUND_CODECS"] | {"libx264"} == REFERENCES["encoder"]
    assert tables["_MUXERS"] < REFERENCES["muxer"]


def test_every_way_to_read_that_a_graph_names_is_listed() -> None:
    """The demuxers of `graph`, and that of what is conformed; subtitles are needed by deliveries alone."""
    code = (ROOT / "render" / "media" / "graph.py").read_text(encoding="utf-8")
    assert (
        set(re.findall(r'ffmpeg\.input\(.*format="(\w+)"', code)) | {"mov"} == THE_CUT["demuxer"] | SUBTITLES["demuxer"]
    )


def test_the_ffmpeg_that_tests_use_has_all_of_it() -> None:
    """And nothing that it has is missed by the way its lists are read."""
    found = parts_of(ffmpeg_path())
    for needed in (THE_CUT, REFERENCES, THE_SANDBOX, SUBTITLES, BURNT_IN, for_films(FILMS)):
        assert missing(needed, found) == {}
    need_for_the_cut()


def test_whatever_part_is_missing_is_named(tmp_path: Path) -> None:
    """Each part of the list, hidden from an ffmpeg that has all others, is the one that is found missing."""
    for one, other in pairwise(["encoder", "decoder", "filter", "demuxer", "muxer", "option"]):
        hidden: Parts = {one: frozenset({min(THE_CUT[one])}), other: frozenset({max(THE_CUT[other])})}
        names = sorted(name for names in hidden.values() for name in names)
        found = parts_of(crippled(tmp_path / one, *names))

        assert missing(hidden, found) == hidden
        assert all(name in told(missing(THE_CUT, found)) for name in names)


def test_what_is_missing_is_one_sentence_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the program, what it lacks, and the variable that names another."""
    lame = crippled(tmp_path, "libx264", "tpad", "trim")
    monkeypatch.setenv("TAILFRAME_FFMPEG", str(lame))

    with pytest.raises(MediaError) as error:
        need_for_the_cut()

    assert str(error.value) == (
        f"the ffmpeg at {lame} lacks the encoder libx264 and the filters tpad, trim, which the cut needs. "
        "Name another one in TAILFRAME_FFMPEG, or unset it"
    )


def test_one_on_the_path_is_told_with_the_one_that_came_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to unset, so the sentence says what to set."""
    shipped = shipped_ffmpeg()
    crippled(tmp_path, "libx264")
    monkeypatch.delenv("TAILFRAME_FFMPEG", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    with pytest.raises(MediaError, match="lacks the encoder libx264") as error:
        need_for_the_cut()

    assert str(error.value).endswith(f"set TAILFRAME_FFMPEG={shipped}")


def test_an_ffmpeg_that_was_exchanged_is_asked_anew(tmp_path: Path) -> None:
    """What is known of a program is known of that very file."""
    lame = crippled(tmp_path, "libx264")
    assert "libx264" not in parts_of(lame)["encoder"]

    assert "libx264" in parts_of(crippled(tmp_path))["encoder"]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("#!/bin/sh\nexec sleep 60", "does not answer within 0.3 s"),
        ("#!/bin/sh\nsleep 60 & wait", "does not answer within 0.3 s"),
        ("#!/bin/sh\nexit 127", "does not say that it is ffmpeg"),
        ("#!/bin/sh\necho ffmpeg", "does not say that it is ffmpeg"),
        ("#!/bin/sh\nkill -SEGV $$", "does not say that it is ffmpeg"),
        ("#!/no/such/interpreter", "cannot be run: No such file or directory"),
        ("\x7fELF but not really", "cannot be run: Exec format error"),
    ],
)
def test_what_is_no_ffmpeg_is_told_and_left_behind(tmp_path: Path, script: str, words: str) -> None:
    """One that hangs (with a child, too), fails, is something else, or cannot be started at all."""
    program = tmp_path / "ffmpeg"
    program.write_text(script)
    program.chmod(0o755)
    begun = time.monotonic()

    with pytest.raises(MediaError, match=re.escape(f"{program} {words}. ")):
        parts_of(program, patience_s=0.3)

    assert time.monotonic() - begun < 10

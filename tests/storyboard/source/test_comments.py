"""A `#` after a blank begins a comment, also within a text: where it cuts one off, its writer is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.loading import load_leniently, load_project
from storyboard.source import parse
from tests.projects import EPISODE_HEAD, episode_file, scene, shot, write_project


def told(tmp_path: Path, lines: str) -> list[str]:
    """What is said of a shot with these lines, the first of them in line 8, behind eight blanks."""
    written = EPISODE_HEAD + "".join(f"        {line}\n" for line in lines.splitlines())
    _, mistakes = load_leniently(write_project(tmp_path, episodes={"e01": written}))
    return [f"{mistake.at.line}:{mistake.at.column}: {mistake.message}" for mistake in mistakes]


def cut(at: str, comment: str) -> str:
    """The sentence about a text that a comment cuts off."""
    return (
        f"{at}: YAML takes {comment!r} for a comment, as a blank stands before its #, and the text ends there; "
        "put the whole text in quotes, or write a blank after the # where it is a remark"
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("prompt: the door of flat #12 opens", cut("8:34", "#12 opens")),
        ("prompt: Take #3 of the door", cut("8:22", "#3 of the door")),
        ("prompt: a wall in #ff0000", cut("8:27", "#ff0000")),
        ("prompt: a poster reads #freedom", cut("8:32", "#freedom")),
        ("prompt: a poster\t#freedom", cut("8:26", "#freedom")),
        ("prompt: the sea\ncamera: #3 dolly", cut("9:17", "#3 dolly")),
        ("prompt: the sea\nnotes: as in take #2", cut("9:27", "#2")),
        ("prompt: the door\n  of flat #12", cut("9:19", "#12")),
        ("prompt: the door of flat\n  #12 opens", cut("9:11", "#12 opens")),
        ("prompt: the door of flat #12\n  opens\nduration: 2", cut("8:34", "#12")),
        ("prompt: the door of flat\n  #12 opens\n  and closes\nduration: 2", cut("9:11", "#12 opens")),
        ("prompt: the sea\nreferences:\n- references/extra #2.png", cut("10:28", "#2.png")),
        ("prompt: the sea\nreferences: [references/extra/sketch #2.png]", cut("9:46", "#2.png]")),
        ("dialogue: [{cast: mara, line: Flat #12}]\nprompt: x", cut("8:44", "#12}]")),
        ("prompt: x\ndialogue:\n- {cast: mara,\n   line: Flat #12,\n   }", cut("11:23", "#12,")),
    ],
)  # fmt: skip
def test_a_text_that_a_comment_cuts_off_is_told(tmp_path: Path, lines: str, expected: str) -> None:
    """Whatever stands behind it is named where it stands, with both ways out."""
    assert told(tmp_path, lines) == [expected]


@pytest.mark.parametrize(
    "lines",
    [
        "prompt: the sea # not too blue",
        "prompt: the sea   ## ruler",
        "prompt: the sea #----",
        "prompt: the sea # 12",
        "prompt: the sea#12",
        "prompt: the sea\n  # camera: slow",
        "prompt: the sea\n  #camera: slow",
        "prompt: the sea\n#12 of 30",
        "provider: animatic #kinovi later\nprompt: the sea",
        "duration: 2 #3 would be long\nprompt: the sea",
        "seed: #42\nprompt: the sea",
        "dialogue: #later\nprompt: the sea",
        "dialogue: #two\n- cast: mara\n  line: One more winter.\nprompt: the sea",
        'prompt: "the sea" #12',
        "prompt: |\n  flat #12",
        "prompt: >\n  flat\n  #12",
        "prompt: 'the door of flat #12 opens'",
    ],
)
def test_remarks_stay_remarks(tmp_path: Path, lines: str) -> None:
    """A comment with a blank after its sign, behind a single word, behind a closing quote or on a line of its own."""
    assert told(tmp_path, lines) == []


def test_a_series_is_read_alike(tmp_path: Path) -> None:
    """Titles, names and descriptions are prose too, and one mistake hides no other."""
    series = """\
version: 1
series: lighthouse #2
title: Flat #12
cast:
  mara:
    name: Mara #1
    description: grey coat #ff0000
    looks: {storm: {description: "an #oilskin"}}
"""
    _, mistakes = load_leniently(
        write_project(tmp_path, series=series, episodes={"e01": EPISODE_HEAD + "        prompt: x"})
    )
    assert [(each.at.line, each.at.column) for each in mistakes] == [(3, 13), (6, 16), (7, 28)]


def test_either_way_out_is_taken(tmp_path: Path) -> None:
    """In quotes the text is whole; with a blank after the sign it is what it always was."""
    quoted = shot("010", "the door of flat #12 opens")
    loaded = load_project(write_project(tmp_path / "a", episodes={"e01": episode_file("e01", scene("lamp", quoted))}))
    assert loaded.episodes["e01"].scenes[0].shots[0].prompt == "the door of flat #12 opens"
    remark = EPISODE_HEAD + "        prompt: the door of flat # 12 opens\n"
    loaded = load_project(write_project(tmp_path / "b", episodes={"e01": remark}))
    assert loaded.episodes["e01"].scenes[0].shots[0].prompt == "the door of flat"


@given(before=st.text("ab 1", min_size=1).filter(str.strip), after=st.text("ab #12:,", min_size=1).filter(str.strip))
def test_no_text_is_shortened_without_a_trace(before: str, after: str) -> None:
    """Each unquoted text is read whole, or the place is known where a comment ends it, or it is a remark."""
    written = f"x {before} #{after}"
    document = parse(f"a: {written}\n".encode(), "f.yaml")
    spot = document.positions.spots[("a",)]
    assert spot.cut is not None or after[0] in " #" or document.value == {"a": written.rstrip()}


PRINTABLE = st.characters(exclude_categories=("Cc", "Cn", "Co", "Cs", "Zl", "Zp"), exclude_characters="\ufeff")


@given(st.text(PRINTABLE, max_size=40))
def test_any_text_in_quotes_arrives_unchanged(prompt: str) -> None:
    """In double quotes and in single ones, to the letter and without a mistake."""
    doubled = prompt.replace("'", "''")
    for written in (json.dumps(prompt, ensure_ascii=False), f"'{doubled}'"):
        document = parse(f"a: {written}\nb: 1\n".encode(), "f.yaml")
        assert (document.value, document.mistakes) == ({"a": prompt, "b": 1}, ())

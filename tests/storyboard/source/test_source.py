"""YAML with positions, under limits."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.errors import Position
from storyboard.source import MOST_BYTES, parse, read


def said(raw: bytes | str) -> list[str]:
    """The mistakes of a file called f.yaml, each as `line:column: message`."""
    document = parse(raw.encode() if isinstance(raw, str) else raw, "f.yaml")
    return [f"{m.at.line}:{m.at.column}: {m.message}" for m in document.mistakes]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("5", 5),
        ("-3", -3),
        ("010", 10),
        ("0x1F", 31),
        ("0o17", 15),
        ("2.50", Decimal("2.50")),
        ("1e3", Decimal("1e3")),
        (".inf", Decimal("Infinity")),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("yes", "yes"),
        ("off", "off"),
        ("1:30", "1:30"),
        ("2026-01-01", "2026-01-01"),
        ("1_000", "1_000"),
        ("16:9", "16:9"),
        ("'5'", "5"),
        ('"true"', "true"),
    ],
)
def test_words_mean_what_yaml_1_2_says(word: str, value: object) -> None:
    """An unquoted word is a number, a truth or nothing by the core rules of YAML 1.2, and else a text."""
    read_as = parse(f"a: {word}".encode(), "f.yaml").value
    assert read_as == {"a": value}
    assert isinstance(read_as, dict)
    assert type(read_as["a"]) is type(value)


def test_decimals_keep_every_digit() -> None:
    """A sum of money never passes through a binary float."""
    document = parse(b"usd: 0.1000000000000000055", "f.yaml")
    assert document.value == {"usd": Decimal("0.1000000000000000055")}


def test_every_value_knows_where_it_is() -> None:
    """Keys, values and items of lists each have the line and column at which they begin."""
    positions = parse(b"# first\na:\n  - b: 1\n    c: [x, 'yy']\n", "f.yaml").positions
    assert positions.key(("a", 0, "c")) == Position("f.yaml", 4, 5)
    assert positions.value(("a", 0, "c", 1)) == Position("f.yaml", 4, 12)
    assert positions.value(("a", 0)) == Position("f.yaml", 3, 5)
    assert positions.spelling(("a", 0, "c", 1)) == "yy"


def test_what_is_missing_is_found_at_what_would_hold_it() -> None:
    """The position of a path that does not exist is that of its nearest ancestor."""
    positions = parse(b"a:\n  - b: 1\n", "f.yaml").positions
    assert positions.value(("a", 0, "nope", 3)) == positions.value(("a", 0))
    assert positions.value(("nope",)) == Position("f.yaml", 1, 1)


def test_an_empty_value_is_found_at_its_key() -> None:
    """A key with nothing after it is pointed at itself, not at what comes next."""
    positions = parse(b"a:\n\n\nb: 1\n", "f.yaml").positions
    assert positions.value(("a",)) == Position("f.yaml", 1, 1)


def test_aliases_repeat_what_they_name() -> None:
    """An alias stands for the value of its anchor."""
    assert parse(b"a: &x {n: [1, 2]}\nb: *x\n", "f.yaml").value == {"a": {"n": [1, 2]}, "b": {"n": [1, 2]}}


def test_links_may_stand_in_short_lists() -> None:
    """`[https://…]` is fine in YAML 1.2, though libyaml stumbles over it."""
    value = parse(b"references: [https://example.com/a.png, b.png]", "f.yaml").value
    assert value == {"references": ["https://example.com/a.png", "b.png"]}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "1:1: the file is empty; its first line must be `version: 1`"),
        (b"# a remark only\n", "1:1: the file is empty; its first line must be `version: 1`"),
        ("a: 1\nb: é".encode("latin-1"), "2:4: byte 0xe9 is not UTF-8 (is the file Latin-1?); save it as UTF-8"),
        ("a: é".encode("utf-16"), "1:1: the file is UTF-16; save it as UTF-8"),
        ("a: b".encode("utf-16-le"), "1:1: the file is not text (is it UTF-16?); save it as UTF-8"),
        ("a: é".encode("utf-16-be"), "1:1: the file is not text (is it UTF-16?); save it as UTF-8"),
        ("a: b".encode("utf-32"), "1:1: the file is UTF-32; save it as UTF-8"),
        (b"a: x\x00y", "1:5: the invisible control character U+0000 is not allowed here; remove it"),
        (b"a: 1\nb: x\x1b[31m", "2:5: the invisible control character U+001B is not allowed here; remove it"),
        (b'a: "\\0"', "1:4: this text holds the control character U+0000; remove it"),
        (b"a: 1\n\tb: 2", "2:1: the line is indented with a tab; YAML takes spaces only"),
        (b"a:\n \t- b", "2:2: the line is indented with a tab; YAML takes spaces only"),
        (b"a: {{ mara }} waits", "1:4: a text that begins with {{ must stand in quotes as a whole"),
        (b"a: {{ mara }}", "1:4: a text that begins with {{ must stand in quotes as a whole"),
        (b"- {{ mara }} waits", "1:3: a text that begins with {{ must stand in quotes as a whole"),
        (b'a: "{{ mara }}" waits', "1:4: the text goes on after its closing quote; put all of it in quotes"),
        (b"a: Mara: alone", '1:8: a text with ": " in it must stand in quotes (or the line is indented wrongly)'),
        (b"a: @home", "1:4: a text that begins with @ must stand in quotes"),
        (b"a: 'it never ends\nb: 2", "1:4: this quote is never closed"),
        (b"a: [1, 2\nb: 3", "1:4: this bracket is never closed, or a comma is missing in it"),
        (b"a: {b: 1\nc: 3", "1:4: this bracket is never closed, or a comma is missing in it"),
        (b"a: 1\n---\nb: 2", "2:1: a second document begins here; one file holds one, so remove the ---"),
        (b"a: 1\nb: 2\na: 3", "3:1: the key 'a' is written twice; the first is at f.yaml:1:1"),
        (b"? [a]\n: b", "1:3: a key must be a plain word; if this is meant as text, quote it"),
        (b"a: *b", "1:4: *b repeats something that is not marked &b above"),
        (b"a: &b [*b]", "1:8: *b stands inside of what it repeats"),
        (b"a: " + b"9" * 40, "1:4: this number is too long; if it is meant as text, quote it"),
        (b"a: 1e999999999", "1:4: this number is too long; if it is meant as text, quote it"),
        (b"[" * 33 + b"]" * 33, "1:33: this is nested more than 32 levels deep"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(raw: bytes, expected: str) -> None:
    """Whatever is wrong with the bytes, there is one mistake, at the place, with a remedy."""
    assert said(raw) == [expected]


def test_huge_files_are_refused_quickly() -> None:
    """Neither the size of a file nor its depth costs more than a moment."""
    assert said(b"[" * 500_000) == ["1:33: this is nested more than 32 levels deep"]
    assert said(b"x" * (MOST_BYTES + 1)) == ["1:1: the file is larger than 1024 KiB; split it up"]


def test_tags_are_refused_and_never_obeyed() -> None:
    """A tag that would make an object is a mistake, and the value stays a plain text."""
    document = parse(b"a: !!python/object/apply:os.system [ls]", "f.yaml")
    assert document.value == {"a": ["ls"]}
    assert "is not read here" in document.mistakes[0].message


def test_many_values_are_refused() -> None:
    """A file of more values than any storyboard has is refused where it goes too far."""
    assert "more than 50,000 values" in said(b"[" + b"1," * 60_000 + b"1]")[0]


def test_repeating_repetitions_is_refused_quickly() -> None:
    """A few lines of aliases that would unfold into billions of values are refused, not unfolded."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    assert "grows beyond all bounds" in said("\n".join(lines))[0]


def test_deep_repetitions_are_refused() -> None:
    """Aliases cannot nest deeper than brackets can."""
    lines = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 60)]
    assert "grows beyond all bounds" in said("\n".join(lines))[0]


def test_slips_that_can_be_passed_over_are_all_found() -> None:
    """Doubled keys and tags do not hide each other."""
    assert len(said(b"a: 1\na: 2\nb: !x 3\nc: 4\nc: 5\n")) == 3


def test_excerpts_show_the_place() -> None:
    """A mistake prints its line with a caret under the place, without control characters or tabs in the way."""
    mistake = parse(b"a: 1\nb:\t\x07x", "f.yaml").mistakes[0]
    assert str(mistake).splitlines()[1:] == ["    b: \N{REPLACEMENT CHARACTER}x", "       ^"]


def test_very_long_lines_are_cut_in_excerpts() -> None:
    """A prompt of thousands of characters does not fill the screen."""
    document = parse(b"a: " + b"x" * 5_000, "f.yaml")
    assert len(document.text.excerpt(Position("f.yaml", 1, 1))) < 200


def test_byte_order_mark_and_windows_lines_are_fine() -> None:
    """A file saved by a Windows editor means the same."""
    document = parse(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "f.yaml")
    assert document.value == {"a": 1, "b": 2}
    assert document.positions.key(("b",)) == Position("f.yaml", 2, 1)


def test_what_is_not_a_file_is_said(tmp_path: Path) -> None:
    """A folder, a pipe or nothing in place of a file is a mistake, and reading never waits."""
    os.mkfifo(tmp_path / "pipe.yaml")
    assert read(tmp_path, "f.yaml").mistakes[0].message == "this is not a regular file"
    assert read(tmp_path / "pipe.yaml", "f.yaml").mistakes[0].message == "this is not a regular file"
    assert "No such file" in read(tmp_path / "none.yaml", "f.yaml").mistakes[0].message


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    """Whatever the bytes are, parsing gives a value or mistakes, and never raises."""
    document = parse(raw, "f.yaml")
    assert document.mistakes or document.value is not None or raw


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,? \n\t010.{}<~\\", max_size=60))
def test_no_punctuation_makes_it_raise(text: str) -> None:
    """Whatever YAML's own signs are strung together, parsing never raises, and every place lies in the text."""
    document = parse(text.encode(), "f.yaml")
    for mistake in document.mistakes:
        assert 1 <= mistake.at.line <= len(document.text.lines) + 1


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (r'"\ud83d\udc19"', "🐙"),
        (r'"an \uD83D\uDC19 and an \u00e9"', "an 🐙 and an é"),
        (r'"\ud83d\udc68\u200d\ud83d\ude80"', "👨\u200d🚀"),
        (r'"\U0001f419"', "🐙"),
        (r"'\ud83d\udc19'", r"\ud83d\udc19"),
        (r"\ud83d\udc19", r"\ud83d\udc19"),
    ],
)
def test_escapes_of_json_are_joined(written: str, value: str) -> None:
    """Two escapes that are one character are that character, in double quotes, where escapes are; in keys too."""
    assert parse(f"a: {written}\n{written}: [b]\n".encode(), "f.yaml").value == {"a": value, value: ["b"]}


@given(st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=20))
def test_any_text_arrives_as_json_escapes_it(text: str) -> None:
    """What other programs write in ASCII alone is the same text."""
    document = parse(json.dumps({"a": text}).encode(), "f.yaml")
    assert (document.value, document.mistakes) == ({"a": text}, ())


@pytest.mark.parametrize("half", [r"\ud83d", r"\udc19", r"\udc19\ud83d", r"\ud83d \udc19"])
def test_half_a_character_is_told(half: str) -> None:
    """A surrogate without its other half is named, and never reaches anything that could not write it."""
    document = parse(f'a: "x {half}"'.encode(), "f.yaml")
    first = half[2:6].upper()
    assert [mistake.message for mistake in document.mistakes] == [
        f"this text holds U+{first}, which is half of a character; write the character itself, or both of its escapes"
    ]
    str(document.value).encode()

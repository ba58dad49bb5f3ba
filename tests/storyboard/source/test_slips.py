"""Signs that keyboards, word processors and web pages put where YAML knows its own alone: each is told by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storyboard.expand.expansion import expand_leniently
from storyboard.loading import load_leniently, load_project
from storyboard.plan.project_check import quotes_in_texts
from storyboard.source import parse
from tests.projects import EPISODE_HEAD, SERIES_HEAD, write_project

SERIES = f"""\
{SERIES_HEAD}cast:
  mara:
    description: grey wool coat
"""

EPISODE = f"""\
{EPISODE_HEAD}        prompt: the lamp burns
        references:
          - references/cast/mara.png
        dialogue:
          - cast: mara
            line: One more winter.
"""


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose YAML may be written over, again and again."""
    return write_project(tmp_path_factory.mktemp("standing"), series=SERIES, episodes={"e01": EPISODE})


def told(root: Path, episode: str | bytes = EPISODE, series: str | bytes = SERIES) -> list[str]:
    """What is said of a project of these texts, each as `line:column: message`."""
    for file, text in (("series.yaml", series), ("episodes/e01.yaml", episode)):
        (root / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    project, mistakes = load_leniently(root)
    found = list(mistakes)
    if project is not None and "e01" in project.episodes:
        found += expand_leniently(project, "e01").mistakes
    return [f"{mistake.at.line}:{mistake.at.column}: {mistake.message}" for mistake in found]


def with_sign(sign: str) -> Iterator[str]:
    """The episode with this sign in place of one blank, colon or dash of its own, in every place that there is."""
    ascii_twin = {"\uff1a": ":", "\u2013": "-"}.get(sign, " ")
    lines = EPISODE.splitlines()
    for number, line in enumerate(lines):
        structure = len(line) if line.endswith(":") else line.find(": ") + 2 if ": " in line else line.find("- ") + 2
        for column in range(structure):
            if line[column] == ascii_twin and not line.startswith("version"):
                odd = line[:column] + sign + line[column + 1 :]
                yield "\n".join([*lines[:number], odd, *lines[number + 1 :], ""])


SIGNS = {
    "\u00a0": "a non-breaking space (U+00A0)",
    "\u202f": "a narrow non-breaking space (U+202F)",
    "\u2007": "a figure space (U+2007)",
    "\u3000": "a full-width space (U+3000)",
    "\u200b": "a zero-width space (U+200B)",
    "\uff1a": "'：' (fullwidth colon U+FF1A)",
    "\u2013": "'–' (en dash U+2013)",
}


@pytest.mark.parametrize("sign", SIGNS, ids=[f"U+{ord(sign):04X}" for sign in SIGNS])
def test_an_odd_sign_is_named_in_its_own_line(standing: Path, sign: str) -> None:
    """Wherever it stands in place of a blank, a colon or a dash of YAML's, its line is told, and its name."""
    texts = list(with_sign(sign))
    assert texts
    for text in texts:
        number, odd = next((n, line) for n, line in enumerate(text.splitlines(), start=1) if sign in line)
        found = told(standing, text)
        assert any(each.startswith(f"{number}:") and SIGNS[sign] in each for each in found), (odd, found)


MORE = "        {}\n"
NO_QUOTE = "is no quote to YAML, but part of the text; write ' or \" at both ends"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("duration: “3”", f"14:19: '“' (left double quotation mark U+201C) {NO_QUOTE}"),
        ("camera: “slow: push”", f"14:17: '“' (left double quotation mark U+201C) {NO_QUOTE}"),
        ("provider: ‘kinovi’", f"14:19: '‘' (left single quotation mark U+2018) {NO_QUOTE}"),
        ("provider: «kinovi»", f"14:19: '«' (left-pointing double angle quotation mark U+00AB) {NO_QUOTE}"),
        ("provider: `kinovi`", f"14:19: '`' (grave accent U+0060) {NO_QUOTE}"),
        ("provider: ＂kinovi＂", f"14:19: '＂' (fullwidth quotation mark U+FF02) {NO_QUOTE}"),
        ("beats: ［{at: 0, prompt: x}］",
         "14:16: '［' (fullwidth left square bracket U+FF3B) is no bracket to YAML; write ["),
        ("beats: 【1】", "14:16: '【' (left black lenticular bracket U+3010) is no bracket to YAML; write ["),
        ("duration: 2,5", "14:19: 'duration' must be a number of seconds, or auto; write 2.5"),
        ("duration: ３", "14:19: 'duration' must be a number of seconds, or auto; it holds '３' (fullwidth digit three "
         "U+FF13)"),
        ("seed: −3", "14:15: 'seed' must be a whole number, written without quotes; it holds '−' (minus sign U+2212)"),
        ("takes: 2\u00a0", "14:16: 'takes' must be a whole number, written without quotes; it holds a non-breaking "
         "space (U+00A0)"),
        ("camera:slow", "14:15: a space must follow the colon of a key"),
        ("\tcamera: slow", "14:9: the line is indented with a tab; YAML takes spaces only"),
        ("beats:\n        -\tat: 0\n          prompt: x",
         "15:10: a plain space must follow the -, and here stands a tab"),
        ("beats:\n        • at: 0\n          prompt: x",
         "15:9: '•' (bullet U+2022) begins no item of a list; write - and a space"),
        ("```", "14:9: this is a Markdown fence and no YAML; remove the line"),
        ("pr\u043empt: x",
         "14:9: unknown key 'pr\u043empt'; did you mean 'prompt', without '\u043e' (Cyrillic U+043E)?"),
        ("c\u0430mera: x",
         "14:9: unknown key 'c\u0430mera'; did you mean 'camera', without '\u0430' (Cyrillic U+0430)?"),
        ("resolution: 720\u0440", "14:21: 'resolution' cannot be '720\u0440'; did you mean '720p', without '\u0440' "
         "(Cyrillic U+0440)? Valid values are: 480p, 720p, 1080p, 4k"),
        ('camera: "{{ m\u0430ra }}"',
         "14:21: 'm\u0430ra' is no cast member, look, location or prop; did you mean 'mara', without '\u0430' "
         "(Cyrillic U+0430)?"),
        ('camera: "｛｛ mara ｝｝"',
         "14:18: '｛' (fullwidth left curly bracket U+FF5B) calls no name; write {{ and }}"),
        ('camera: "{{ mara\u200b }}"', "14:17: the template cannot be read: a zero-width space (U+200B) stands between "
         "its braces; remove it. Prompts may hold {{ name }}, {{ name.look }} and {# comments #}, and nothing else of "
         "Jinja2"),
        ("camera: \ufeffslow",
         "14:17: here stands a byte order mark (U+FEFF), as where two files were joined; remove it"),
    ],
)  # fmt: skip
def test_a_sign_that_looks_like_another_is_named(standing: Path, line: str, expected: str) -> None:
    """Quotes, brackets, digits and letters: what stands there, and what to write."""
    assert told(standing, EPISODE + MORE.format(line)) == [expected]


@pytest.mark.parametrize(
    ("before", "behind", "expected"),
    [
        ("```yaml\n", "```\n", "1:1: this is a Markdown fence and no YAML; remove the line, and line 15 with it"),
        ("```\n", "", "1:1: this is a Markdown fence and no YAML; remove the line"),
        ("", "```\n", "14:1: this is a Markdown fence and no YAML; remove the line"),
        ("~~~yml\n", "~~~\n", "1:1: this is a Markdown fence and no YAML; remove the line, and line 15 with it"),
        ("", "              ```\n", "14:15: this is a Markdown fence and no YAML; remove the line"),
    ],
)
def test_fences_of_markdown_are_named(standing: Path, before: str, behind: str, expected: str) -> None:
    """Copied with the text that they enclose, they are told, also where a text would have swallowed one."""
    assert told(standing, before + EPISODE + behind) == [expected]


@pytest.mark.parametrize(
    ("written", "stranger"),
    [
        ("маяк", "'м' (Cyrillic U+043C), 'а' (Cyrillic U+0430), 'я' (Cyrillic U+044F), … are none of them"),
        ("l\u0430mp", "'\u0430' (Cyrillic U+0430) is none of them"),
        ("灯塔", "'灯' (Chinese U+706F), '塔' (Chinese U+5854) are none of them"),
        ("ｌamp", "'ｌ' (full-width U+FF4C) is none of them"),
        ("caf\u00e9", "'é' (Latin U+00E9) is none of them"),
        ("cafe\u0301", "'é' (Latin U+00E9) is none of them"),
        ("λamp", "'λ' (Greek U+03BB) is none of them"),
        ("la\u00admp", "a soft hyphen (U+00AD) is none of them"),
    ],
)
def test_ids_say_which_letters_are_meant(standing: Path, written: str, stranger: str) -> None:
    """Of series, episodes, scenes and names, in values, keys and file names; also where they look right."""
    slug = "may hold only letters (a–z, A–Z), digits, - and _, must begin with a letter or digit"
    assert f"5:9: 'id' {slug} and have at most 64 characters; {stranger}" in told(
        standing, EPISODE.replace("id: lamp", f"id: {written}")
    )
    assert f"2:9: 'series' {slug} and have at most 64 characters; {stranger}" in told(
        standing, series=SERIES.replace("lighthouse", written)
    )
    name = f"5:3: the key {written!r} must be a name that prompts can call: letters (a–z, A–Z), digits and _"
    assert f"{name}, beginning with a letter, at most 64 characters; {stranger}" in told(
        standing, series=SERIES.replace("mara:", f"{written}:")
    )
    file = standing / "episodes" / f"{written}.yaml"
    file.write_text(EPISODE)
    said = told(standing)
    file.unlink()
    assert said == [f"1:1: an episode's file is named by letters (a–z, A–Z), digits, - and _, then .yaml; {stranger}"]


def test_texts_take_every_letter(standing: Path) -> None:
    """Titles, names for people, prompts, directions, lines and notes: none of these signs is wrong within a text."""
    signs = "маяк：灯塔 — “так”, «oui», 10\u00a0%, a\u200db, ｛x｝, c\u3000d, • ~~~ ```"
    episode = EPISODE.replace("The Lamp", signs).replace("the lamp burns", signs).replace("One more winter.", signs)
    assert (
        told(
            standing,
            episode + MORE.format(f"camera: {signs}") + MORE.format(f"notes: |\n          ```\n          – {signs}"),
        )
        == []
    )
    assert load_project(standing).episodes["e01"].scenes[0].shots[0].prompt == signs


def test_a_text_in_typed_quotes_is_noted(standing: Path) -> None:
    """It may be meant so, and is no mistake; `check` says that they are sent."""
    for line in ("camera: “slow push in”", "sound: “a” and “b”", 'notes: "“quoted”"', "title: “A”"):
        assert (
            told(standing, EPISODE.replace("title: The Lamp", line) if "title" in line else EPISODE + MORE.format(line))
            == []
        )
        notes = list(quotes_in_texts(load_project(standing)))
        at = {"camera": "14:17", "title": "3:8"}.get(line.partition(":")[0])
        told_at = f"episodes/e01.yaml:{at}: the quotes “ and ” are part of this text; where they are meant as YAML's, "
        assert notes == ([told_at + 'write " in place of both'] if at else [])


@pytest.mark.parametrize("ending", ["\r\n", "\r"], ids=["Windows", "old Mac"])
def test_line_ends_of_other_systems_are_read(standing: Path, ending: str) -> None:
    """A file of theirs means the same, and its lines are counted alike; a blank scalar's lines are joined alike."""
    text = EPISODE + MORE.format("notes: |\n          one\n          two") + MORE.format("duration: 0")
    assert (
        told(standing, text.replace("\n", ending))
        == told(standing, text)
        == ["17:19: 'duration' must be more than 0 and at most 600 seconds"]
    )
    assert parse(text.replace("\n", ending).encode(), "f").value == parse(text.encode(), "f").value


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("latin-1", "byte 0xe9 is not UTF-8 (is the file Latin-1?); save it as UTF-8"),
        ("cp1252", "byte 0x93 is not UTF-8 (is the file Windows-1252?); save it as UTF-8"),
        ("gbk", "byte 0xb5 is not UTF-8 (is the file GBK, Shift-JIS or Windows-1251?); save it as UTF-8"),
        ("cp1251", "byte 0xec is not UTF-8 (is the file GBK, Shift-JIS or Windows-1251?); save it as UTF-8"),
        ("utf-16", "the file is UTF-16; save it as UTF-8"),
        ("utf-16-le", "the file is not text (is it UTF-16?); save it as UTF-8"),
        ("utf-16-be", "the file is not text (is it UTF-16?); save it as UTF-8"),
        ("utf-32", "the file is UTF-32; save it as UTF-8"),
    ],
)
def test_other_encodings_are_told(standing: Path, encoding: str, said: str) -> None:
    """With the first byte that gives it away, where there is one, and what to do."""
    word = {"gbk": "灯塔", "cp1251": "маяк", "cp1252": "“x”"}.get(encoding, "é")
    raw = EPISODE.replace("the lamp burns", f'"{word}"').encode(encoding)
    at = "8:18" if said.startswith("byte") else "1:1"
    assert told(standing, raw) == [f"{at}: {said}"]

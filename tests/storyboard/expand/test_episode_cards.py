"""Cards of an episode: which stand where, what they say, and what is told of each wrong one, with file and line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from storyboard.card_piece import Anchor, Hold, PosterChoice
from storyboard.errors import InvalidProject
from storyboard.expand.expansion import expand
from storyboard.identity import wish
from storyboard.loading import load_leniently, load_project
from storyboard.model.builtin_cards import BUILTIN
from storyboard.shot import Episode
from storyboard.timeline.card_places import cards_of
from tests.projects import episode_file, scene, shot, write_project

TWO = (
    scene("lamp", shot("010"), title="The lamp room", location="lamp_room"),
    scene("sea", shot("010"), shot("020"), location=None),
)


def episode(folder: Path, *scenes: Any, cards: Any = None, series: Any = None, **keys: Any) -> Episode:
    """The episode e01 of a project with these cards (name to the text of its file)."""
    files = {f"cards/{name}.yaml": text.encode() for name, text in (cards or {}).items()}
    written = {"e01": episode_file("e01", *(scenes or TWO), **keys)}
    return expand(load_project(write_project(folder, series=series, episodes=written, files=files)), "e01")


def mistakes(folder: Path, *scenes: Any, cards: Any = None, series: Any = None, **keys: Any) -> list[str]:
    """What is said of it."""
    with pytest.raises(InvalidProject) as caught:
        episode(folder, *scenes, cards=cards, series=series, **keys)
    return [f"{each.at}: {each.message}" for each in caught.value.mistakes]


def said(made: Episode) -> dict[str, list[tuple[tuple[str, ...], ...]]]:
    """The rows of each card's texts."""
    return {card.key: [text.rows for text in card.look.texts] for card in made.cards}


def test_an_episode_without_a_word_of_cards_has_none(tmp_path: Path) -> None:
    """What was written before there were cards is cut as it was."""
    assert episode(tmp_path).cards == ()


def test_built_in_cards_stand_in_story_order_and_say_what_the_series_says(tmp_path: Path) -> None:
    """A title at the begin, a card before each scene, credits at the end: the episode's first, then the series'."""
    made = episode(
        tmp_path,
        series={"scene_card": "scene", "credits": [{"role": "Made by", "name": ["Ann", "Bo"]}]},
        title_card="title",
        credits_card="credits",
        credits=[{"role": "Directed by", "name": "Cy"}, {"name": "Thanks"}],
    )
    assert [each if isinstance(each, str) else each.key for each in cards_of(made)] == [
        *("title", "scene-lamp", "lamp/010", "scene-sea", "sea/010", "sea/020", "credits")
    ]
    assert said(made)["title"] == [(("THE LAST LAMP",),), (("The Lamp",),)]
    assert said(made)["scene-lamp"] == [(("The lamp room",),), (("THE LAMP ROOM",),)]
    assert said(made)["scene-sea"] == [(("sea",),)], "without a title it is called by its id; it has no location"
    assert said(made)["credits"][2] == (("Directed by", "Cy"), ("Thanks",), ("Made by", "Ann"), ("", "Bo"))


def test_the_nearest_card_wins_and_none_takes_it_back(tmp_path: Path) -> None:
    """Scene before episode before series."""
    scenes = (scene("a", shot("010"), card="none"), scene("b", shot("010"), card={"card": "title", "length": 1}))
    made = episode(
        tmp_path,
        *scenes,
        scene("c", shot("010")),
        series={"scene_card": "credits", "title_card": "title"},
        scene_card="scene",
        title_card="none",
    )
    assert [(card.key, card.frames) for card in made.cards] == [("scene-b", 24), ("scene-c", 60)]


def test_a_projects_own_card_of_a_built_in_name_comes_first(tmp_path: Path) -> None:
    """And every key of it is carried."""
    card = """\
version: 1
background: {hold: next, darken: 40, colour: "#102030"}
length: 2
fade_in: 0.5
fade: text
texts:
  - {text: "{{ series.id }} {{ episode.number }}: {{ episode.id }}", at: top right, x: 95, size: 7.5, tracking: 10}
  - {rows: cast, gap: 3}
  - {text: "{{ episode.released }}", at: bottom}
"""
    (made,) = episode(tmp_path, cards={"title": card}, title_card="title").cards
    assert (made.frames, made.before, made.look.ground.hold, made.look.ground.darken) == (48, "lamp", Hold.NEXT, 40)
    (group,) = made.look.groups
    assert (group.anchor, group.x, group.y) == (Anchor.TOP_RIGHT, 95, 10)
    assert [text.rows for text in group.texts] == [(("lighthouse 1: e01",),), (("Mara",),)]
    assert group.texts[0].size == Decimal("7.5")
    assert str(group.texts[0].at) == "cards/title.yaml:7:12"
    (dated,) = episode(tmp_path / "dated", cards={"title": card}, title_card="title", released="May 2027").cards
    assert dated.look.texts[-1].rows == (("May 2027",),), "a text is left out only where a name has no value"


def test_cards_stand_where_they_are_asked_for(tmp_path: Path) -> None:
    """A title after a cold open, credits at the begin."""
    made = episode(
        tmp_path,
        title_card={"card": "title", "before": "sea", "chapter": "Opening"},
        scene_card="scene",
        credits_card={"card": "credits", "at": "begin"},
        credits=[{"name": "Ann"}],
    )
    assert [(card.key, card.before) for card in made.cards] == [
        *(("credits", "lamp"), ("scene-lamp", "lamp"), ("title", "sea"), ("scene-sea", "sea"))
    ]


def test_scenes_that_are_not_in_the_master_have_no_card(tmp_path: Path) -> None:
    """What stands before a scene that is waived whole stands before the next one; a scene's own card falls away."""
    made = episode(
        tmp_path,
        *TWO,
        scene("end", shot("010")),
        scene_card="scene",
        title_card={"card": "title", "before": "sea"},
        credits_card="credits",
    )
    shown = [each if isinstance(each, str) else each.key for each in cards_of(made, ["lamp/010", "end/010"])]
    assert shown == ["scene-lamp", "lamp/010", "title", "scene-end", "end/010", "credits"]
    shown = [each if isinstance(each, str) else each.key for each in cards_of(made, ["lamp/010"])]
    assert shown == ["scene-lamp", "lamp/010", "title", "credits"]


def test_cards_make_no_shot_stale(tmp_path: Path) -> None:
    """Neither a shot nor its wish knows of cards."""
    plain = episode(tmp_path / "plain")
    carded = episode(tmp_path / "carded", title_card="title", scene_card="scene", credits_card="credits")
    assert [wish(shot, {}) for shot in plain.shots] == [wish(shot, {}) for shot in carded.shots]
    assert [shot.duration_s for shot in plain.shots] == [shot.duration_s for shot in carded.shots]


@pytest.mark.parametrize("fps", ["24", "25", "23.976", "29.97"])
def test_cards_take_whole_frames(fps: str, tmp_path: Path) -> None:
    """The frame edge nearest to their length, whatever the rate."""
    series = {"delivery": {"master": {"width": 320, "height": 180, "fps": Decimal(fps)}}}
    (made,) = episode(tmp_path, series=series, title_card={"card": "title", "length": Decimal("2.5")}).cards
    assert made.frames == round(Decimal("2.5") * Decimal(fps) + Decimal("0.001"))


def test_what_rolls_takes_as_long_as_its_lines(tmp_path: Path) -> None:
    """Twice as many lines, or half the pace, take about twice as long; a written length comes first."""
    card = "version: 1\nroll: {pace}\ntexts:\n  - {{rows: credits, size: 5, line_spacing: 1}}\n"

    def frames(name: str, names: int, pace: str, **use: object) -> int:
        names_of = [{"name": f"N{number}"} for number in range(names)]
        (made,) = episode(
            tmp_path / name,
            cards={"roll": card.format(pace=pace)},
            credits_card={"card": "roll", **use},
            credits=names_of,
        ).cards
        return made.frames

    assert frames("a", 40, "2") == 24 * 30  # 40 lines, and the 20 that the picture holds
    assert frames("b", 100, "2") == 24 * 60
    assert frames("c", 40, "1") == 24 * 60
    assert frames("d", 40, "1", length=10) == 240


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"title_card": "titel"}, "there is no card 'titel'; did you mean 'title'?"),
        ({"title_card": "zebra"}, "there is no card 'zebra'; write it as cards/zebra.yaml"),
        ({"title_card": {"card": "title", "before": "se"}}, "there is no scene 'se'; did you mean 'sea'?"),
        ({"title_card": {"card": "title", "at": "end", "before": "sea"}}, "has either `at` or `before`, not both"),
        ({"title_card": {"card": "title", "length": 0}}, "'length' must be at least 0.25"),
        ({"poster": "lamp/011"}, "there is no shot 'lamp/011'; did you mean 'lamp/010'?"),
        ({"poster": {"shot": "lamp/010", "at": 99}}, "the poster is taken at 99 s, and lamp/010 ends at"),
        ({"scene_card": {"card": "scene", "at": "end"}}, "unknown key 'at'"),
        ({"credits": [{"role": "x"}]}, "the key 'name' is missing"),
        ({"card_font": "fonts/no.ttf"}, "there is no file 'fonts/no.ttf'"),
        ({"card_font": "references/cast/mara.png"}, "is no font file. Valid suffixes are: .ttf, .otf, .ttc"),
        ({"card_font": "https://example.com/a.ttf"}, "must be a font file of the project, not a link"),
        ({"card_font": "../a.ttf"}, "leads out of the project"),
    ],
)
def test_wrong_uses_are_told_where_they_are_written(keys: dict[str, object], told: str, tmp_path: Path) -> None:
    """In the episode's file, each once."""
    (mistake,) = mistakes(tmp_path, **keys)
    assert mistake.startswith("episodes/e01.yaml:")
    assert told in mistake


HEAD = "version: 1\n"


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        (
            "texts:\n  - text: by {{ episode.titel }}",
            "3:17",
            "'episode.titel' is no name that this card knows; did you",
        ),
        ("texts:\n  - text: in {{ scene.title }}", "3:17", "'scene.title' is no name that this card knows"),
        ("texts:\n  - text: x {% for a in b %}{% endfor %}", "3:13", "block tags have no place in a card"),
        ("texts:\n  - text: x {{ 9 ** 9 ** 9 }}", "3:13", "this is more than a name"),
        ("texts:\n  - text: x {{ ''.__class__ }}", "3:13", "this is more than a name"),
        ("texts:\n  - text: x {{ episode.title() }}", "3:13", "this is more than a name"),
        ("texts:\n  - text: x {{ cycler.__init__ }}", "3:16", "'cycler.__init__' is no name that this card knows"),
        ("texts:\n  - text: x {{ episode.title", "3:13", "the template cannot be read"),
        ('texts:\n  - text: "a\\u202Eb"', "3:11", "holds U+202E RIGHT-TO-LEFT OVERRIDE, which nobody sees"),
        ("texts:\n  - {text: x, rows: cast}", "3:5", "has either `text` or `rows`"),
        ("texts:\n  - {x: 5, text: x}", "3:5", "`x` and `y` go with `at`"),
        ("texts:\n  - {text: x, size: 900}", "3:21", "must be at most 60"),
        ("texts:\n  - {text: x, colour: red}", "3:23", "must be a colour as six digits"),
        ("texts:\n  - text: x\n    colour: #ff0000", "4:13", "YAML takes '#ff0000' for a comment"),
        ("background: #ff0000", "2:13", "YAML takes '#ff0000' for a comment"),
        ("texts:\n  - {text: x, at: centre}", "3:19", "cannot be 'centre'; did you mean 'center'?"),
        ("background: {hold: previous}", "2:20", "it holds the shot before it, and title stands before the first"),
        ("background: {picture: references/a.png, hold: next}", "2:13", "has either `picture` or `hold`, not both"),
        ("background: {picture: references/no.png}", "2:23", "there is no file 'references/no.png'"),
        ("background: {picture: references/music/theme.wav}", "2:23", "is an audio file"),
        ("fade_in: 2\nfade_out: 2", "3:11", "fading in and out takes 4 s, and the card stands for 3 s"),
        ("roll: 0.125\ntexts: [{rows: credits}]", "2:7", "raise `roll`"),
        ("roll: 1\ntexts: [{text: x}, {text: y, at: top}]", "3:30", "rolls, its texts stand below one another"),
        ("texts:" + "\n  - rows: credits" * 6, "3:3", "this card has 2,400 lines, and 2,000 is the most"),
        ("txets: []", "2:1", "unknown key 'txets'; did you mean 'texts'?"),
    ],
)
def test_wrong_cards_are_told_where_they_are_written(text: str, place: str, told: str, tmp_path: Path) -> None:
    """In the card's own file; and nothing else is said of them."""
    names = [{"name": f"N{number}"} for number in range(400)]
    (mistake,) = mistakes(tmp_path, cards={"mine": HEAD + text}, title_card="mine", credits=names)
    assert mistake.lower().startswith(f"cards/mine.yaml:{place}: ")
    assert told.lower() in mistake.lower()


def test_names_cannot_fill_a_text_beyond_bounds(tmp_path: Path) -> None:
    """A template may call a long name many times; what comes of it is bounded."""
    card = HEAD + "texts:\n  - text: of " + "{{ series.title }}" * 20
    (mistake,) = mistakes(tmp_path, cards={"mine": card}, title_card="mine", series={"title": "x" * 150})
    assert mistake == "cards/mine.yaml:3:11: this text has 3,003 letters, and 2,000 is the most for one paragraph"


def test_a_card_that_cannot_be_read_is_not_called_missing_too(tmp_path: Path) -> None:
    """One mistake, one sentence."""
    (mistake,) = mistakes(tmp_path, cards={"mine": "version: 2"}, title_card="mine")
    assert mistake.startswith("cards/mine.yaml:1:10: this Tailframe reads version 1")
    (named,) = mistakes(tmp_path / "b", cards={"my card": "version: 1"})
    assert "a card's file is named by letters" in named


def test_what_cards_need_is_frozen_with_the_project(tmp_path: Path) -> None:
    """Their files, pictures and fonts are the project's, used or not."""
    files = {
        "cards/mine.yaml": b"version: 1\nbackground: {picture: references/cast/mara.png}\n"
        b"texts: [{text: x, font: f/a.ttf}]",
        "f/a.ttf": b"x",
        "f/b.otf": b"x",
        "f/unused.ttf": b"x",
    }
    root = write_project(tmp_path, series={"card_font": ["f/b.otf"]}, files=files)
    project, found = load_leniently(root)
    assert found == ()
    assert project is not None
    assert {"cards/mine.yaml", "f/a.ttf", "f/b.otf", "references/cast/mara.png"} <= set(project.files())
    assert "f/unused.ttf" not in project.files()


def test_a_poster_is_a_moment_of_a_shot(tmp_path: Path) -> None:
    """In short or with its second."""
    assert episode(tmp_path / "a").poster is None
    assert episode(tmp_path / "b", poster="sea/020").poster == PosterChoice(shot="sea/020")
    named = episode(tmp_path / "c", poster={"shot": "sea/020", "at": 0.5}).poster
    assert named == PosterChoice(shot="sea/020", at_s=Decimal("0.5"))


def test_a_shorter_use_fades_faster(tmp_path: Path) -> None:
    """In proportion, so that a card is never gone before it is there."""
    whole, half = (
        episode(tmp_path / str(length), title_card={"card": "title", "length": length}).cards[0].look
        for length in (4, 2)
    )
    assert (half.fade_in_s, half.fade_out_s) == (whole.fade_in_s / 2, whole.fade_out_s / 2)


@pytest.mark.parametrize("name", BUILTIN)
def test_built_in_cards_can_be_used_anywhere(name: str, tmp_path: Path) -> None:
    """Of whatever kind the card is; what a card does not know it leaves out only where a built-in one allows for it."""
    made = episode(tmp_path, scene("lamp", shot("010"), card=name))
    assert [card.key for card in made.cards] == ["scene-lamp"]

"""What a producer wrote becomes shots with nothing left open, or mistakes that point at the very word."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from storyboard.bind.wordings import plain
from storyboard.errors import InvalidProject, NoSuchName
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.shot import Caps, MasterFormat, Role, Unwanted
from tests.projects import episode_file, scene, shot, write_project
from tests.storyboard.expand.expanding import EPISODE, expanded, first, mistakes, names

# What is named is what is sent


def test_naming_sends_references_and_descriptions(tmp_path: Path) -> None:
    """Cast in order of naming, then props, then the scene's location, then the episode's style."""
    one = first(tmp_path, "{{ tomas }} takes {{ logbook }} from {{ mara }}")
    assert names(one) == ["tomas", "mara", "logbook", "lamp_room", "gouache"]
    assert [each.role for each in one.references] == [Role.CAST, Role.CAST, Role.PROP, Role.LOCATION, Role.STYLE]
    assert [each.text for each in one.descriptions][:2] == [
        "a fisherman of sixty",
        "keeper of the lamp, forty, grey wool coat",
    ]
    assert plain(one.prompt) == "Tomas takes the logbook from Mara"


def test_every_text_of_a_shot_can_name(tmp_path: Path) -> None:
    """Camera, sound, beats and dialogue bind as the prompt does; prompt, beats and dialogue come first."""
    one = first(
        tmp_path,
        "a door",
        duration=3,
        camera="towards {{ logbook }}",
        beats=[{"at": 1, "prompt": "{{ tomas }} enters"}],
        dialogue=[{"cast": "mara", "line": "You  are\nlate."}],
    )
    assert names(one) == ["tomas", "mara", "logbook", "lamp_room", "gouache"]
    assert one.dialogue[0].text == "You are late."


def test_a_look_takes_the_place_of_the_member(tmp_path: Path) -> None:
    """Its pictures are sent instead of the member's, and its words are added to theirs."""
    one = first(tmp_path, "{{ mara.storm }} opens the door")
    assert [each.source for each in one.references if each.role is Role.CAST] == ["references/cast/mara-storm.png"]
    assert one.descriptions[0].text == "keeper of the lamp, forty, grey wool coat; in an oilskin"
    assert plain(one.prompt) == "Mara opens the door"


def test_a_line_is_spoken_in_the_look_that_is_seen(tmp_path: Path) -> None:
    """A speaker who is named in a look does not bring the plain one along."""
    one = first(tmp_path, "{{ mara.storm }} shouts", dialogue=[{"cast": "mara", "line": "Now!"}])
    assert names(one) == ["mara.storm", "lamp_room", "gouache"]
    assert (one.dialogue[0].cast, one.dialogue[0].label) == ("mara.storm", "Mara")


def test_a_look_without_pictures_keeps_those_of_the_member(tmp_path: Path) -> None:
    """It changes the words only."""
    cast = {"mara": {"references": ["references/cast/mara.png"], "looks": {"wet": {"description": "soaked"}}}}
    one = expanded(tmp_path, scene("s", shot("1", "{{ mara.wet }}", dialogue=[])), series={"cast": cast}).shots[0]
    assert [(each.name, each.source) for each in one.references][:1] == [("mara.wet", "references/cast/mara.png")]
    assert one.descriptions[0].text == "soaked"


def test_a_file_that_shows_two_is_sent_once(tmp_path: Path) -> None:
    """For the first that needs it, with a note on what else it shows."""
    both = {"references": ["references/cast/mara.png"]}
    one = expanded(
        tmp_path, scene("s", shot("1", "{{ ann }} and {{ ben }}")), series={"cast": {"ann": both, "ben": both}}
    ).shots[0]
    assert [(each.name, each.note) for each in one.references if each.role is Role.CAST] == [("ann", "also Ben")]


def test_extras_are_named_for_their_files(tmp_path: Path) -> None:
    """They come last, with their note."""
    sketch = {"source": "references/extra/sketch.png", "note": "the pose", "required": True}
    extra = first(tmp_path, references=[sketch]).references[-1]
    assert (extra.role, extra.name, extra.note, extra.required) == (Role.EXTRA, "sketch", "the pose", True)


# What falls down


def test_the_nearest_default_wins(tmp_path: Path) -> None:
    """From series to episode to scene to shot."""
    series = {"defaults": {"provider": ["kinovi", "evolink"], "resolution": "480p", "seed": 1, "camera": "still"}}
    episode = expanded(
        tmp_path,
        scene("a", shot("1"), shot("2", resolution="1080p"), defaults={"seed": 3}),
        scene("b", shot("1")),
        series=series,
        defaults={"seed": 2, "audio": False, "camera": "{{ mara }} in the middle"},
    )
    found = [(each.key, each.resolution, each.seed, each.audio) for each in episode.shots]
    assert found == [("a/1", "480p", 3, False), ("a/2", "1080p", 3, False), ("b/1", "480p", 2, False)]
    assert episode.shots[0].providers == ("kinovi", "evolink")
    assert plain(episode.shots[0].camera) == "Mara in the middle"


def test_what_nobody_says_has_a_default(tmp_path: Path) -> None:
    """Five seconds of 720p in 16:9 with sound, one take, from the animatic."""
    written = EPISODE + '      - {id: "010", prompt: a lamp}\n'
    root = write_project(tmp_path, series={"defaults": {}}, episodes={"e01": written})
    one = expand(load_project(root), "e01").shots[0]
    assert (one.duration_s, one.resolution, one.aspect_ratio, one.audio) == (Decimal(5), "720p", "16:9", True)
    assert (one.providers, one.model, one.seed, one.takes) == (("animatic",), None, None, 1)


def test_location_and_style_can_be_set_at_every_level(tmp_path: Path) -> None:
    """A shot's own location wins over the scene's."""
    assert "shore" in names(first(tmp_path, location="shore"))
    assert "lamp_room" not in names(first(tmp_path / "again", location="shore"))


def test_auto_is_no_length(tmp_path: Path) -> None:
    """The vendor chooses, so nothing is known."""
    assert first(tmp_path, duration="auto").duration_s is None


def test_the_master_follows_ratio_and_resolution(tmp_path: Path) -> None:
    """Unless the project writes it; always with even sides."""
    found = {
        (resolution, ratio): expanded(
            tmp_path / f"{number}", scene("s", shot("1")), defaults={"resolution": resolution, "aspect_ratio": ratio}
        ).master
        for number, (resolution, ratio) in enumerate([("480p", "16:9"), ("1080p", "9:16"), ("720p", "21:9")])
    }
    assert [(each.width, each.height) for each in found.values()] == [(854, 480), (1080, 1920), (1680, 720)]
    written = {"delivery": {"master": {"width": 1024, "height": 576, "fps": "24000/1001"}}}
    stated = expanded(tmp_path / "stated", scene("s", shot("1")), series=written)
    assert stated.master == MasterFormat(1024, 576, Fraction(24000, 1001))


def test_the_master_is_as_large_as_what_is_made_larger(tmp_path: Path) -> None:
    """`upscale` falls like every default, and the master is of its size; a scene's own changes no master."""
    larger = {"resolution": "480p", "upscale": "4k"}
    found = expanded(tmp_path / "episode", scene("s", shot("1")), defaults=larger)
    assert (found.master.width, found.master.height) == (3840, 2160)
    assert [(each.resolution, each.upscale) for each in found.shots] == [("480p", "4k")]
    other = expanded(
        tmp_path / "scene", scene("s", shot("1"), shot("2", upscale="4k"), defaults={"resolution": "480p"})
    )
    assert (other.master.width, other.master.height) == (1280, 720)
    assert [each.upscale for each in other.shots] == [None, "4k"]
    taken_back = scene("s", shot("1"), shot("2", upscale="none"))
    mixed = write_project(tmp_path / "mixed", episodes={"e01": episode_file("e01", taken_back, defaults=larger)})
    assert [each.upscale for each in expand(load_project(mixed), "e01").shots] == ["4k", None]


def test_budget_prices_and_music_come_along(tmp_path: Path) -> None:
    """As they are written, in the storyboard's own values."""
    series = {
        "budget": {"episode": 25},
        "prices": [{"provider": "acme", "resolution": "720p", "usd_per_second": 0.2}],
    }
    episode = expanded(
        tmp_path, scene("s", shot("1")), series=series, music={"source": "references/music/theme.wav", "gain_db": -12}
    )
    assert episode.caps == Caps(episode=Decimal(25))
    assert [(each.provider, each.usd_per_second) for each in episode.prices] == [("acme", Decimal("0.2"))]
    assert episode.music is not None
    assert (episode.music.gain_db, episode.music.fade_out_s) == (Decimal(-12), Decimal(2))


def test_another_vendor_can_be_asked_for_all(tmp_path: Path) -> None:
    """Then a model that belonged to the written one is not asked of it."""
    scenes = [scene("s", shot("1", provider="kinovi", model="seedance-20"))]
    rehearsal = expanded(tmp_path / "a", *scenes, provider="animatic").shots[0]
    assert (rehearsal.providers, rehearsal.model) == (("animatic",), None)
    same = expanded(tmp_path / "b", *scenes, provider="kinovi").shots[0]
    assert (same.providers, same.model) == (("kinovi",), "seedance-20")


# Mistakes


def test_every_mistake_is_told_at_once_where_it_stands(tmp_path: Path) -> None:
    """File, line and column of the very word, the nearest right name, and each inherited mistake once."""
    written = """\
version: 1
episode: e01
title: The Lamp
style: gouach
defaults: {camera: "{{ marra }} in the middle"}
scenes:
  - id: lamp
    location: lamp_rom
    shots:
      - id: "010"
        prompt: >
          {{ mara }} lights
          the lamp with {{ tomaz }}
        continuity: tail_frame
      - {id: "020", prompt: "{{ mara.strom }}", continues: lamp/03}
      - {id: "030", prompt: x, duration: 3, beats: [{at: 2, prompt: x}, {at: 1, prompt: y}, {at: 3, prompt: z}]}
      - {id: "040", prompt: x, dialogue: [{cast: marta, line: hm}], continues: lamp/040}
      - {id: "050", prompt: x, seed: 1, takes: 2, duration: 0.01}
      - {id: "060", prompt: x, continues: lamp/010, continuity: none}
      - {id: "070", prompt: x, duration: 1}
      - {id: "080", prompt: x, continuity: tail_clip}
"""
    assert mistakes(tmp_path, written) == [
        "episodes/e01.yaml:4:8: there is no style 'gouach'; did you mean 'gouache'?",
        "episodes/e01.yaml:5:24: 'marra' is no cast member, look, location or prop; did you mean 'mara'?",
        "episodes/e01.yaml:8:15: there is no location 'lamp_rom'; did you mean 'lamp_room'?",
        "episodes/e01.yaml:13:28: 'tomaz' is no cast member, look, location or prop; did you mean 'tomas'?",
        "episodes/e01.yaml:14:21: this is the first shot of its scene; "
        "name the shot that it continues with `continues: SCENE/SHOT`",
        "episodes/e01.yaml:15:33: 'mara' has no look 'strom'; did you mean 'mara.storm'?",
        "episodes/e01.yaml:15:60: there is no shot 'lamp/03'; did you mean 'lamp/030'?",
        "episodes/e01.yaml:16:78: this beat is at 1 s, and the one before it at 2 s",
        "episodes/e01.yaml:16:98: this beat is at 3 s, and the shot ends at 3 s",
        "episodes/e01.yaml:17:50: 'marta' is no cast member; did you mean 'mara'?",
        "episodes/e01.yaml:17:80: a shot cannot continue itself",
        "episodes/e01.yaml:18:48: 2 takes with one seed would be the same clip; remove `seed`, or make one take",
        "episodes/e01.yaml:18:61: 0.01 s is shorter than one frame at 24 per second",
        "episodes/e01.yaml:19:43: `continues: lamp/010` and `continuity: none` contradict each other; keep one",
        "episodes/e01.yaml:21:44: a tail clip has at least 2 s, and lamp/070 lasts 1 s; write `continuity: tail_frame`",
    ]


def test_shots_in_a_circle_are_told(tmp_path: Path) -> None:
    """Each circle once, with the way around it."""
    written = EPISODE + (
        '      - {id: "010", prompt: x, continues: lamp/030}\n'
        '      - {id: "020", prompt: x}\n'
        '      - {id: "030", prompt: x}\n'
        '      - {id: "040", prompt: x, continues: lamp/050}\n'
        '      - {id: "050", prompt: x, continues: lamp/040}\n'
    )
    assert mistakes(tmp_path, written) == [
        "episodes/e01.yaml:8:43: shots continue each other in a circle: "
        "lamp/010 continues lamp/030 continues lamp/020 continues lamp/010",
        "episodes/e01.yaml:11:43: shots continue each other in a circle: "
        "lamp/040 continues lamp/050 continues lamp/040",
    ]


def test_the_same_wrong_name_twice_is_told_twice(tmp_path: Path) -> None:
    """Each where it stands, also when they share a line."""
    written = EPISODE + '      - {id: "010", prompt: "{{ tomaz }} and {{ tomaz }}"}\n'
    columns = [each.split(":")[2] for each in mistakes(tmp_path, written)]
    assert columns == ["33", "49"]


def test_a_mistake_in_the_series_points_at_the_series(tmp_path: Path) -> None:
    """What falls down is wrong where it was written."""
    series = 'version: 1\nseries: s\ntitle: S\ndefaults:\n  sound: "{{ wind }}"\n'
    written = 'version: 1\nepisode: e01\ntitle: E\nscenes: [{id: a, shots: [{id: "1", prompt: x}]}]\n'
    assert mistakes(tmp_path, written, series=series) == [
        "series.yaml:5:14: 'wind' is no cast member, look, location or prop. There are none"
    ]


def test_a_literal_brace_tag_cannot_run(tmp_path: Path) -> None:
    """Templates are never run: what is more than a name is a mistake at its place."""
    written = EPISODE + '      - {id: "010", prompt: "{{ mara.__class__.__mro__ }} {{ cycler }}"}\n'
    found = mistakes(tmp_path, written)
    assert "8:30: this is more than a name" in found[0]
    assert "8:62: 'cycler' is no cast member" in found[1]


def test_an_episode_that_there_is_not_is_told_with_the_nearest(tmp_path: Path) -> None:
    """Its id, the likely one, and all that there are."""
    project = load_project(write_project(tmp_path))
    with pytest.raises(NoSuchName, match="there is no episode 'e1'; did you mean 'e01'"):
        expand(project, "e1")


# What is unwanted


@pytest.mark.parametrize(
    ("keys", "without"),
    [
        ({}, (Unwanted.CAPTIONS, Unwanted.MUSIC)),
        ({"without": []}, ()),
        ({"without": "music"}, (Unwanted.MUSIC,)),
        ({"without": ["music", "captions"]}, (Unwanted.CAPTIONS, Unwanted.MUSIC)),
        ({"audio": False}, (Unwanted.CAPTIONS,)),
    ],
)
def test_what_is_unwanted_falls_to_the_shot(
    tmp_path: Path, keys: dict[str, Any], without: tuple[Unwanted, ...]
) -> None:
    """The nearest wins, an empty list takes it back, and a silent clip needs no word on music."""
    lamp = scene("lamp", shot("010", "a door", **keys), defaults={"without": ["captions", "music"]})
    assert expanded(tmp_path, lamp).shots[0].without == without


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("[captions, musik]", "cannot be 'musik'; did you mean 'music'?"),
        ("[music, music]", "names 'music' twice"),
        ("logos", "cannot be 'logos'"),
    ],
)
def test_what_is_unwanted_has_few_words(tmp_path: Path, written: str, message: str) -> None:
    """Another word is told where it is written."""
    episode = EPISODE + f'      - {{id: "010", prompt: a door, without: {written}}}\n'
    root = write_project(tmp_path, episodes={"e01": episode})
    with pytest.raises(InvalidProject) as caught:
        load_project(root)
    (mistake,) = caught.value.mistakes
    assert mistake.at.line == 8
    assert message in mistake.message

"""The YAML reference for producers, written from the schemas: one table an object, in the order one meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from storyboard.model import Defaults
from storyboard.model.cards import COLOUR
from storyboard.model.fields import FRACTION, NAME, RATIO, SHOT_KEY, SLUG
from storyboard.model.subtitles import LANGUAGE_OR_NONE, LANGUAGE_TAG

Schema = Mapping[str, Any]

_ORDER = (
    "SceneModel",
    "ShotModel",
    "ShotReferenceItem",
    "FrameItem",
    "DialogueLine",
    "BeatItem",
    "MusicItem",
    "Defaults",
    "Delivery",
    "Master",
    "DeliveryFile",
    "VideoItem",
    "AudioItem",
    "LoudnessItem",
    "DeliverySubtitles",
    "FocusPoint",
    "Subtitles",
    "SubtitleLimits",
    "CastMember",
    "Look",
    "Location",
    "Prop",
    "Style",
    "ReferenceItem",
    "CardItem",
    "SceneCardItem",
    "CreditItem",
    "PosterItem",
    "BackgroundItem",
    "TextItem",
    "Budget",
    "PriceItem",
)
"""In which one meets the objects; what is not in here comes after them."""
_WORD = re.compile("[A-Z][a-z]*")
_PATTERNS = {
    COLOUR: "colour",
    SLUG: "id",
    NAME: "name",
    SHOT_KEY: "`SCENE/SHOT`",
    RATIO: "ratio",
    FRACTION: "fraction in quotes",
    LANGUAGE_TAG: "language",
    LANGUAGE_OR_NONE: "language or `none`",
}

_INTRODUCTION = """\
# The YAML of a series

<!-- Written by `python -m storyboard.schema` from the models; change those, not this page. -->

A project is a folder with one `series.yaml`, one file an episode in `episodes/`, one a card in `cards/` where there
are any, and the files that they name:

```
lighthouse/
  series.yaml
  episodes/e01.yaml
  references/cast/mara.png
```

`tailframe check PROJECT` says every mistake at once, as `file:line:column: message`. Editors with a YAML language
server complete keys and values after this first line, with the path to the schemas of this repository:

```yaml
# yaml-language-server: $schema=../../schemas/series.schema.json
```

## What to know before writing

* A shot needs an `id` and a `prompt`. Everything else has a default, and **defaults fall** from the series to the
  episode to the scene to the shot: the nearest wins.
* **What a prompt names is what is sent.** `{{ mara }}` is a cast member, `{{ mara.storm }}` one of her looks,
  `{{ logbook }}` a prop, `{{ lamp_room }}` a location. Naming one binds its references and repeats its description.
  Nothing else is allowed between the braces. Location and style come along without being named.
* A text that begins with `{{`, or holds `: ` or ` #`, **stands in quotes**: `prompt: "{{ mara }} lights the lamp"`.
* **A `#` after a blank begins a comment.** A remark is written with a blank after its sign: `duration: 4 # too long?`.
  Where text seems to go on behind it (`the door of flat #12 opens`), that is a mistake, and not lost in silence.
* **Ids stand in quotes where they look like numbers**: `id: "010"`. They hold letters (a–z, A–Z), digits, `-` and
  `_`, as they become files, keys and links. *Names*, which prompts call, hold letters (a–z, A–Z), digits and `_` and
  begin with a letter; over cast, props and locations each is used once. Titles, names for people (`name:`), prompts
  and all other texts take every letter there is.
* YAML 1.2 holds: only `true` and `false` are truths (`yes` is a text), and there are no merge keys. Tags are refused;
  anchors and aliases work, up to 50,000 values a file, 32 levels and 1 MiB. Files are UTF-8,
  with line ends of any system.
* **Paths** begin at the project's folder, have forward slashes, are spelled as on disk and never lead out of the
  project. Links are https. Images are png, jpg, jpeg or webp; videos mp4 or mov; sounds wav, mp3, m4a,
  aac, flac, ogg or opus.
* **File names are read as people read them**: a letter with marks (é) may be one sign in the YAML and two on the disk.
  Blanks that are not seen (macOS puts one into the names of screenshots) are told by name, and have to go. Hidden
  files, and those that editors and file managers leave behind, are passed over.
* Signs that word processors, keyboards and web pages put in place of YAML's own are told by name, in their own line:
  blanks that do not break or are not seen, full-width colons and brackets, dashes and bullets before items, “curly”
  quotes, tabs, letters of other alphabets that look like a–z, and the fences of Markdown. Within a text they stay.
* A key with nothing after it counts as left out.

## A small series

```yaml
# series.yaml
version: 1
series: lighthouse
title: The Last Lamp
defaults:
  provider: animatic # a vendor, or several in order of preference
  resolution: 720p
cast:
  mara:
    description: keeper of the lamp, forty, grey wool coat
    references: [references/cast/mara.png]
    looks:
      storm: { description: in an oilskin, references: [references/cast/mara-storm.png] }
locations:
  lamp_room:
    name: the lamp room
    description: a round room of glass and brass
    references: [references/locations/lamp_room.png]
  shore: { description: black rocks below the tower }
styles:
  gouache: { description: "flat gouache, visible paper" }
budget: { episode: 25, day: 40 } # US dollars
```

```yaml
# episodes/e01.yaml
version: 1
episode: e01
title: The Lamp
style: gouache
music: { source: references/music/theme.wav, gain_db: -18 }
scenes:
  - id: shore
    location: shore
    shots:
      - id: "010"
        prompt: "{{ mara.storm }} climbs the rocks towards the light"
        duration: 4
        camera: slow push in
  - id: lamp
    location: lamp_room
    shots:
      - id: "010"
        prompt: "{{ mara }} lights the lamp"
        continues: shore/010 # across scenes; within one, each shot continues the one before
        dialogue: [{ cast: mara, line: One more winter. }]
      - id: "020"
        prompt: The flame steadies
        duration: 2.5
        beats:
          - { at: 0, prompt: close on the wick }
          - { at: 1.5, prompt: "{{ mara }} closes the glass" }
```
"""


def reference(series: Schema, episode: Schema, card: Schema) -> str:
    """The page as Markdown."""
    definitions = {**card["$defs"], **episode["$defs"], **series["$defs"]}
    choices = {f"#/$defs/{name}": each for name, each in definitions.items() if "properties" not in each}
    sections = [
        _INTRODUCTION,
        _section("`series.yaml`", _spelled_out(series, choices)),
        _section("`episodes/ID.yaml`", _spelled_out(episode, choices)),
        _section("`cards/NAME.yaml`", _spelled_out(card, choices)),
        *_objects(_spelled_out(definitions, choices)),
    ]
    return "\n".join(sections)


def _objects(definitions: Mapping[str, Schema]) -> Iterator[str]:
    objects = [name for name, each in definitions.items() if "properties" in each]
    for name in [*_ORDER, *(name for name in objects if name not in _ORDER)]:
        yield _section(_title(name), _own_keys(name, definitions[name]), after=_INHERITED.get(name, ""))


def _spelled_out(schema: Any, choices: Mapping[str, Schema]) -> Any:
    """The schema with the choices that it refers to in their place: a choice has no table of its own."""
    if isinstance(schema, list):
        return [_spelled_out(item, choices) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("$ref") in choices:
        return choices[schema["$ref"]]
    return {key: _spelled_out(value, choices) for key, value in schema.items()}


_INHERITED = {"ShotModel": "\n…and every key of [Defaults](#defaults), for this shot alone.\n"}


def _own_keys(name: str, schema: Schema) -> Schema:
    if name not in _INHERITED:
        return schema
    own = {key: value for key, value in schema["properties"].items() if key not in Defaults.model_fields}
    return {**schema, "properties": own}


def _section(title: str, schema: Schema, *, after: str = "") -> str:
    required = set(schema.get("required", ()))
    rows = [_row(key, value, key in required) for key, value in schema["properties"].items()]
    table = "\n".join(["| key | value | default | meaning |", "|---|---|---|---|", *rows])
    return f"## {title}\n\n{schema['description']}\n\n{table}\n{after}"


def _row(key: str, schema: Schema, required: bool) -> str:
    default = "**needed**" if required else _default(schema)
    cells = (f"`{key}`", kind(schema), default, schema["description"])
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _default(schema: Schema) -> str:
    default = schema.get("default")
    if default is None:
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def kind(schema: Schema) -> str:
    """A value's kind in a few words, with its bounds: `number, 0 to 600`, `list of [Shot](#shot)`."""
    if "$ref" in schema:
        return _link(schema["$ref"])
    if "allOf" in schema:
        return kind(schema["allOf"][0])
    if "anyOf" in schema:
        kinds = (kind(option) for option in schema["anyOf"] if option != {"type": "null"})
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    return _KINDS[schema["type"]](schema)


def _link(target: str) -> str:
    title = _title(target.rsplit("/", 1)[-1])
    return f"[{title}](#{title.lower().replace(' ', '-')})"


def _title(name: str) -> str:
    """How a model's name reads: `CastMember` is a cast member, `BeatItem` a beat, `ShotModel` a shot."""
    return " ".join(_WORD.findall(name.removesuffix("Model").removesuffix("Item"))).capitalize()


def _text(schema: Schema) -> str:
    if "pattern" in schema:
        return _PATTERNS.get(schema["pattern"], "text")
    return "path" if "examples" in schema else "text"


def _bounded(word: str, schema: Schema) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if "exclusiveMinimum" in schema:
        return f"{word} above {schema['exclusiveMinimum']:,}, up to {most:,}"
    return word if least is None else f"{word}, {least:,} to {most:,}"


def _object(schema: Schema) -> str:
    values = next(iter(schema["patternProperties"].values()))
    return f"name: {kind(values)}"


_KINDS = {
    "array": lambda schema: f"list of {kind(schema['items'])}",
    "boolean": lambda _: "`true`, `false`",
    "integer": lambda schema: _bounded("whole number", schema),
    "number": lambda schema: _bounded("number", schema),
    "object": _object,
    "string": _text,
}

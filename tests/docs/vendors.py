"""The tables of `docs/vendors.md` as the code has them: what each vendor sells, and how its account works."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from render.providers.registry import capabilities_of
from storyboard.capabilities import Capabilities, MediaLimits, ModelCapabilities, Rate
from storyboard.shot import MediaKind
from tests.docs.pages import ROOT
from tests.vendors import FACTS
from tests.vendors.facts import lasting

PAGE = ROOT / "docs" / "vendors.md"

Rows = Sequence[tuple[str, ...]]


def section(vendor: str) -> str:
    """What the page says of one vendor."""
    (found,) = re.findall(rf"^## {re.escape(FACTS[vendor].title)}$(.*?)(?=^## |\Z)", PAGE.read_text(), re.M | re.S)
    return str(found)


def tables(text: str) -> list[list[tuple[str, ...]]]:
    """Every table of a text, row by row, without its line of dashes. A written `\\|` is no border."""
    found: list[list[tuple[str, ...]]] = []
    before = ""
    for line in text.splitlines():
        if line.startswith("|"):
            row = tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1])
            if not before.startswith("|"):
                found.append([])
            if not all(re.fullmatch(r"-+", cell) for cell in row):
                found[-1].append(row)
        before = line
    return found


def markdown(rows: Rows) -> str:
    """A table as it stands in the page, so that a test that fails says what to write."""
    head, *rest = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|" + "---|" * len(rows[0]), *rest])


def sold(vendor: str) -> Rows:
    """The models side by side."""
    models = list(capabilities_of(vendor, {}).models.values())
    rows = [("", *(f"`{model.name}`" for model in models))]
    lines = [_facts(model) for model in models]
    rows += [(name, *_once([line[name] for line in lines])) for name in lines[0]]
    sizes = dict.fromkeys(size for model in models for size in model.resolutions)
    rows += [(f"a second of {size}", *(_price(model, size) for model in models)) for size in sizes]
    larger = dict.fromkeys(size for model in models for size in model.upscales)
    rows += [(f"`upscale: {size}`", *(_surcharge(model, size) for model in models)) for size in larger]
    return rows


def _once(cells: list[str]) -> list[str]:
    """What holds for every model is said of the first."""
    return [cells[0], *("the same" if cell == cells[0] else cell for cell in cells[1:])]


def _facts(model: ModelCapabilities) -> dict[str, str]:
    lengths = model.lengths
    return {
        "lengths": f"{lengths.min_s}–{lengths.max_s} s{', `auto`' if lengths.auto else ''}",
        "`resolution`": ", ".join(model.resolutions),
        "`aspect_ratio`": ", ".join(model.aspect_ratios),
        "images": _limits(model.media[MediaKind.IMAGE]),
        "videos": _limits(model.media[MediaKind.VIDEO]),
        "sounds": _limits(model.media[MediaKind.AUDIO]),
        "references in all": str(model.references_in_all),
        "needs": _needs(model),
        "prompt": _prompt(model),
        "`audio: false`": _yes(model.audio_switch),
        "`seed`": _yes(model.seed),
        "`first_frame`": f"`{model.first_frame_model}`" if model.first_frame_model else "no",
        "`last_frame`": _yes(model.last_frame),
    }


def _prompt(model: ModelCapabilities) -> str:
    most = "no limit is known" if model.prompt_characters is None else f"{model.prompt_characters} characters"
    advice = model.recommended_prompt
    if advice is None:
        return most
    length = f"{advice.chinese_characters} Chinese characters or {advice.words} English words"
    return f"{most}; {length} are recommended ({advice.as_of})"


def _yes(true: bool) -> str:
    return "yes" if true else "no"


def _needs(model: ModelCapabilities) -> str:
    if model.needs_visual_reference:
        return "an image or a video"
    return "an image or a video beside sound" if model.sound_needs_picture else "–"


def _limits(limits: MediaLimits) -> str:
    each = [
        None if limits.max_bytes is None else f"{_megabytes(limits.max_bytes)} MB",
        _span(limits.min_s, limits.max_s, "s"),
        _span(limits.min_side, limits.max_side, "px a side"),
        _span(limits.min_pixels, limits.max_pixels, "pixels a frame"),
        None if limits.min_ratio is None else _span(float(limits.min_ratio), float(limits.max_ratio or 0), "wide"),
        None if limits.min_fps is None else _span(limits.min_fps, limits.max_fps, "fps"),
        _span(limits.total_min_s, limits.total_s, "s in all") if limits.total_min_s else None,
        None if limits.total_s is None or limits.total_min_s else f"{limits.total_s} s in all",
        None if limits.total_bytes is None else f"under {_megabytes(limits.total_bytes + 1)} MB in all",
    ]
    return "; ".join([f"{limits.count}", ", ".join(limits.formats), *filter(None, each)])


def _megabytes(count: int) -> str:
    return f"{Decimal(count) / 1_000_000:.3g}"


def _span(least: object, most: object, unit: str) -> str | None:
    if least is None:
        return None if most is None else f"up to {most} {unit}"
    return f"{least}–{most} {unit}"


def _price(model: ModelCapabilities, size: str) -> str:
    if size not in model.resolutions:
        return "–"
    rate = model.rates.get(size)
    return "yours to state" if rate is None else _dollars(rate)


def _surcharge(model: ModelCapabilities, size: str) -> str:
    usd = model.upscales.get(size)
    return "–" if usd is None else f"any size; ${usd.normalize():f} a second more"


def _dollars(rate: Rate) -> str:
    plain = f"${rate.usd_per_second.normalize():f}"
    if rate.usd_per_second_with_video is not None:
        video = f"${rate.usd_per_second_with_video.normalize():f}"
        plain += f"; with a video {video}{' of in and out' if rate.bills_input_video else ''}"
    return f"{plain} ({rate.as_of})"


def reach(capabilities: Capabilities, upload_lives: timedelta | None) -> str:
    """How references get there from a store that gives no links."""
    kinds = ", ".join(f"{kind.value}s" for kind in MediaKind if kind in capabilities.uploads).replace(
        "audios", "sounds"
    )
    if upload_lives:
        return f"{kinds}; kept {lasting(upload_lives)}"
    return f"{kinds}, up to {_megabytes(capabilities.inline_bytes or 0)} MB within the order"


def tokens(capabilities: Capabilities) -> str:
    """How a prompt points at references."""
    told = ", ".join(f"`{token.format(n=1)}`" for token in capabilities.tokens.values())
    words = ", ".join(f'"{each.format(n=1)}"' for each in capabilities.free_words.values())
    return f"{told}; the words {words} too" if words else told


def as_text(facts: Mapping[str, str]) -> Rows:
    """Facts as a table of two columns."""
    return [("of an account", ""), *facts.items()]


def forms() -> tuple[Rows, Rows]:
    """How each model wants its prompts written; and who says so of each form."""
    written: list[tuple[str, ...]] = [("`provider`", "`model`", "a beat", "a line of dialogue", "`without`")]
    said: dict[tuple[str, ...], None] = {("form", "who says so", "when"): None}
    for vendor in FACTS:
        models = capabilities_of(vendor, {}).models
        for each in dict.fromkeys(model.prompt_forms for model in models.values()):
            named = [f"`{name}`" for name, model in models.items() if model.prompt_forms == each]
            parts = (each.beat, each.dialogue, each.without)
            which = "every model" if len(named) == len(models) else ", ".join(named)
            written.append((f"`{vendor}`", which, *(f"`{part.template}`" for part in parts)))
            said |= {(f"`{part.template}`", part.source, part.as_of): None for part in parts}
    return written, list(said)

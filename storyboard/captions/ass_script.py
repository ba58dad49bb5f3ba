"""Writes captions as Advanced SubStation Alpha (.ass), from which libass draws them into the picture. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from storyboard.captions.caption import Caption
from storyboard.captions.caption_times import centiseconds_at
from storyboard.captions.text_direction import in_order

WORD_JOINER = "\u2060"

_ESCAPES = str.maketrans({"\\": f"\\{WORD_JOINER}", "{": r"\{", "}": r"\}"})
"""A joiner behind each backslash, so that no letter after it makes a command; braces as libass has them."""

_FIELDS = (
    "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, "
    "StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, "
    "Encoding"
)
_FOOT, _TOP = 2, 8  # centred, as the keys of a number pad lie
_EVENT = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnStyle:
    """How captions look in a picture of so many pixels: the font by its family, lines and outlines in pixels."""

    width: int
    height: int
    family: str
    line_height: int
    outline: float = 2.0
    bold: bool = False
    italic: bool = False

    @property
    def side_margin(self) -> int:
        """Pixels left and right in which no letter stands."""
        return round(self.width * 0.05)

    @property
    def foot_margin(self) -> int:
        """Pixels below the lines: within the safe area, and in upright pictures above the buttons of their players."""
        return round(self.height * (0.06 if self.width >= self.height else 0.13))


def letter_size(size: Decimal, width: int, height: int) -> int:
    """The size of letters in pixels, as fonts count it. `size`: in percent of the picture's shorter side."""
    return max(5, round(size * min(width, height) / 100))


def ass_script(captions: Iterable[Caption], fps: Fraction, style: BurnStyle) -> str:
    """The whole file. Frames are counted from the beginning of the picture that it is drawn into."""
    shown = [_event(each, fps) for each in captions]
    head = [
        "[Script Info]",
        "ScriptType: v4.00+",
        f"PlayResX: {style.width}",
        f"PlayResY: {style.height}",
        "WrapStyle: 0",
        "ScaledBorderAndShadow: yes",
        "YCbCr Matrix: None",
        "",
        "[V4+ Styles]",
        f"Format: {_FIELDS}",
        _style("foot", _FOOT, style),
        _style("top", _TOP, style),
        "",
        "[Events]",
        _EVENT,
    ]
    return "\n".join([*head, *shown, ""])


def _style(name: str, alignment: int, style: BurnStyle) -> str:
    """White letters in a black outline; Encoding -1 lets libass tell a line's direction by its letters."""
    margins = f"{style.side_margin},{style.side_margin},{style.foot_margin}"
    return (
        f"Style: {name},{_name(style.family)},{style.line_height},&H00FFFFFF,&H00FFFFFF,&H00000000,&H80000000,"
        f"{-style.bold:d},{-style.italic:d},0,0,100,100,0,0,1,{style.outline:.1f},0,{alignment},{margins},-1"
    )


def _event(caption: Caption, fps: Fraction) -> str:
    text = r"\N".join(in_order(line.translate(_ESCAPES), caption.language) for line in caption.lines)
    where = "top" if caption.top else "foot"
    return f"Dialogue: 0,{_time(caption.start, fps)},{_time(caption.end, fps)},{where},,0,0,0,,{text}"


def _name(family: str) -> str:
    """A font's name, which the font itself gives, without what would end the field."""
    return "".join(" " if letter == "," or not letter.isprintable() else letter for letter in family).strip()


def _time(frame: int, fps: Fraction) -> str:
    seconds, hundredths = divmod(centiseconds_at(frame, fps), 100)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:d}:{minutes % 60:02d}:{second:02d}.{hundredths:02d}"

"""What a producer wants, resolved: frozen values that every later step reads and none changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from storyboard.approval_rules import NO_APPROVAL, ApprovalRules
from storyboard.card_piece import Card, PosterChoice
from storyboard.deliveries import CENTER, Anchor, Delivery
from storyboard.edit import CUT, UNCUT, Edit, Transition
from storyboard.errors import Position
from storyboard.shot_key import local_key
from storyboard.sounds import SILENT, USUAL_MIX, WEB, ClipSound, LoudnessTarget, MixSettings, MusicCue, ShotSounds
from storyboard.subtitle_rules import SubtitlePlace, SubtitleRules


class MediaKind(StrEnum):
    """What sort of file a reference is."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


class Role(StrEnum):
    """The job of a reference, in order of priority: where a vendor takes fewer, the last fall away first."""

    CONTINUITY = "continuity"
    FIRST_FRAME = "first_frame"  # literally the clip's first picture
    LAST_FRAME = "last_frame"  # literally its last
    CAST = "cast"
    PROP = "prop"
    LOCATION = "location"
    STYLE = "style"
    EXTRA = "extra"


class Use(StrEnum):
    """The job that a producer gives a reference by name."""

    CHARACTER = "character"  # who appears
    STYLE = "style"  # how it looks
    LOCATION = "location"  # where it plays
    MOTION = "motion"  # how things move
    CAMERA = "camera"  # how the camera moves
    EDIT = "edit"  # the film that is changed
    EXTEND = "extend"  # the film that goes on
    VOICE = "voice"
    MUSIC = "music"
    EFFECTS = "effects"  # noises

    @property
    def kinds(self) -> frozenset[MediaKind]:
        """The kinds of file that can have it."""
        return _KINDS_OF_USE[self]


_SEEN, _FILM, _HEARD = (
    frozenset({MediaKind.IMAGE, MediaKind.VIDEO}),
    frozenset({MediaKind.VIDEO}),
    frozenset({MediaKind.AUDIO}),
)
_KINDS_OF_USE = {
    Use.CHARACTER: _SEEN,
    Use.STYLE: _SEEN,
    Use.LOCATION: _SEEN,
    Use.MOTION: _FILM,
    Use.CAMERA: _FILM,
    Use.EDIT: _FILM,
    Use.EXTEND: _FILM,
    Use.VOICE: _HEARD,
    Use.MUSIC: _HEARD,
    Use.EFFECTS: _HEARD,
}


class ContinuityMode(StrEnum):
    """How a shot begins where another ended."""

    NONE = "none"
    TAIL_FRAME = "tail_frame"  # the last frame used, as a reference image
    FIRST_FRAME = "first_frame"  # the last frame used, as the literal first frame (image-to-video)
    TAIL_CLIP = "tail_clip"  # the last seconds used, as a reference video


class ClipFrame(StrEnum):
    """A frame of a clip by its place: the first, or the last that the cut uses of it."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a film or a sound, in seconds of it; negative numbers count from its end."""

    start_s: Decimal = Decimal(0)
    end_s: Decimal | None = None  # None: to its end

    @property
    def length_s(self) -> Decimal | None:
        """How long the part is, whatever the file lasts; None where that depends on it."""
        if self.end_s is None:
            return -self.start_s if self.start_s < 0 else None
        return self.end_s - self.start_s if (self.start_s < 0) == (self.end_s < 0) else None

    def within(self, lasts_s: Decimal) -> Window:
        """The same part counted from the beginning, with both ends, of what lasts so many seconds."""
        start_s = self.start_s + lasts_s if self.start_s < 0 else self.start_s
        if self.end_s is None:
            return Window(start_s, lasts_s)
        return Window(start_s, self.end_s + lasts_s if self.end_s < 0 else self.end_s)


@dataclass(frozen=True, slots=True)
class OwnTake:
    """What a shot of the same episode made, as a source: its whole clip, or one frame of it."""

    shot: str  # SCENE/SHOT
    take: int | None = None  # its number; None: the one that the cut uses, whichever that is
    frame: ClipFrame | None = None  # None: the clip

    @property
    def called(self) -> str:
        """How it reads: "canal/010", "take 2 of canal/010", "the last frame of canal/010"."""
        clip = self.shot if self.take is None else f"take {self.take} of {self.shot}"
        return clip if self.frame is None else f"the {self.frame} frame of {clip}"

    @property
    def kind(self) -> MediaKind:
        """A clip is a video, a frame of it an image."""
        return MediaKind.VIDEO if self.frame is None else MediaKind.IMAGE


class Unwanted(StrEnum):
    """What a producer can ask to be left out of a clip."""

    CAPTIONS = "captions"  # burnt into the picture
    MUSIC = "music"


HEARD = frozenset({Unwanted.MUSIC})
"""What can be left out only of a clip with sound."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where a cast member, look, location or prop is named; rendered per vendor with its token."""

    name: str  # the key a producer writes: "mara", "mara.storm"
    label: str  # how it reads in prose: "Mara"


TAIL_CLIP_S = Decimal(2)
"""Seconds of a tail clip where the storyboard says nothing: the least that every vendor takes of a film."""

Wording = tuple[str | Mention, ...]
"""A text with its mentions still open, so that one wording serves every vendor's tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A file that steers a generation. `source` is a path within the project (forward slashes) or an https URL.

    Where it is what another shot made, `own` says what, and `source` how that reads.
    """

    kind: MediaKind
    role: Role
    name: str  # "mara", "mara.storm", "lamp_room", "style gouache"
    label: str  # "Mara"
    source: str
    required: bool = False
    note: str | None = None  # the producer's own words on its job ("match the colour of the sea")
    at: Position | None = None
    own: OwnTake | None = None
    used_s: Decimal | None = None  # of an own clip: the seconds that the cut uses; None: all, or it is none
    window: Window | None = None  # the part that is meant, where one is written
    called: bool = False  # a shot's own that its texts call by its name, as they do the bible's
    use: Use | None = None  # its job, where one is named; else its role and kind say it
    song: bool = False  # what the shot is made to: the cut lays the very same seconds under it


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A sentence of the series bible that goes into every prompt that names its subject, byte for byte the same."""

    role: Role
    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Translation:
    """What of a line is shown in one language, and where that is written."""

    text: str
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One spoken line. Label and text are what is asked of a vendor; the rest is the cut's."""

    cast: str
    label: str
    text: str
    translations: Mapping[str, Translation] = field(default_factory=dict, hash=False)  # by language tag
    at_s: Decimal | None = None  # where it is heard, after the shot's picture begins in the cut; None: not written
    subtitle: SubtitlePlace = SubtitlePlace.BOTTOM
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Beat:
    """A cut or a moment inside one generation, `at_s` seconds after the shot begins."""

    at_s: Decimal
    prompt: Wording


@dataclass(frozen=True, slots=True)
class Continuity:
    """Which shot this one continues, and how. `source` is a key `SCENE/SHOT` of the same episode, None for mode none.

    Where `reanchor` is set the chain has reached its longest: `source` is then the chain's head, and the head's first
    frame is sent in place of a tail frame.
    """

    mode: ContinuityMode
    source: str | None = None
    reanchor: bool = False
    predecessor: str | None = None  # the shot just before in the chain (differs from `source` only at a re-anchor)


@dataclass(frozen=True, slots=True)
class MasterFormat:
    """The format of the finished episode, in pixels and frames per second."""

    width: int
    height: int
    fps: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One shot, with every default filled in and every name resolved."""

    episode: str
    scene: str
    id: str
    index: int  # place in the story, from 0
    prompt: Wording
    duration_s: Decimal | None  # None: `auto`, whatever the vendor delivers
    camera: Wording
    sound: Wording
    dialogue: tuple[Line, ...]
    beats: tuple[Beat, ...]
    references: tuple[Reference, ...]  # in order of priority, without the continuity frame
    descriptions: tuple[Description, ...]
    continuity: Continuity
    providers: tuple[str, ...]  # in order of preference
    model: str | None
    resolution: str  # "480p", "720p", "1080p", "4k"
    aspect_ratio: str  # "16:9"
    audio: bool
    seed: int | None
    takes: int  # how many to make of it
    notes: str
    at: Position
    tail_clip_s: Decimal = TAIL_CLIP_S  # of the shot before, where it is continued by its last seconds
    scene_title: str = ""  # for people and slates, never for prompts
    without: tuple[Unwanted, ...] = ()  # what must not be in the clip, each once, in the order of `Unwanted`
    upscale: str | None = None  # "4k"; None: the clip stays as large as it is generated
    first_frame: Reference | None = None  # the picture on which it begins, in place of continuity
    last_frame: Reference | None = None  # the picture on which it ends
    edit: Edit = UNCUT  # what the cut does to its clip
    sounds: ShotSounds = SILENT  # what is heard of it beside its clip
    focus: Anchor = CENTER  # what deliveries of another shape keep in the picture
    link_by_place: ContinuityMode | None = None  # how it continues one before it in its scene, where nobody wrote how
    directions: tuple[str, ...] = ()  # what people noted of earlier takes, for the next: no part of the wish

    @property
    def key(self) -> str:
        """`SCENE/SHOT`, the shot's name within its episode."""
        return local_key(self.scene, self.id)

    @property
    def cut_s(self) -> Fraction | None:
        """How many seconds of the master it takes; None where its vendor decides the length."""
        return self.edit.length_s(self.duration_s)

    @property
    def named(self) -> tuple[Reference, ...]:
        """Everything that it is sent but what it continues: its first and last frame, and its references."""
        return (*(each for each in (self.first_frame, self.last_frame) if each is not None), *self.references)

    @property
    def files(self) -> tuple[Reference, ...]:
        """What it is sent that a producer names by a path or a link."""
        return tuple(each for each in self.named if each.own is None)

    @property
    def own_takes(self) -> tuple[OwnTake, ...]:
        """What it is sent that shots of the episode made, each once."""
        return tuple(dict.fromkeys(each.own for each in self.named if each.own is not None))

    @property
    def needs(self) -> tuple[str, ...]:
        """The keys of the shots that have to be made before it: whose frame it continues, whose takes it is sent.

        A take that is named by its number is there already.
        """
        continues = [] if self.continuity.source is None else [self.continuity.source]
        return tuple(dict.fromkeys([*continues, *(own.shot for own in self.own_takes if own.take is None)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """The most that may be spent, in US dollars; None where no cap is set."""

    series: Decimal | None = None
    episode: Decimal | None = None
    day: Decimal | None = None
    run: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """The music under the whole episode or one scene: its gain in decibels, its fade at the end in seconds."""

    source: str
    gain_db: Decimal
    fade_out_s: Decimal
    loop: bool = False  # whether it begins again where it is shorter than what it lies under
    sync: bool = False  # whether the shots that it lies under are made to it
    from_s: Decimal = Decimal(0)  # where in the song it begins
    clip_sound: ClipSound = ClipSound.KEEP
    fade_in_s: Decimal = Decimal(0)
    at: Position | None = field(default=None, compare=False)  # where its source is written


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a project states a vendor charges, in US dollars per second bought; see `storyboard.bind.prices`."""

    provider: str
    model: str | None = None  # None: every model of this vendor
    resolution: str | None = None  # as generated, an upscale costs more; None: every resolution
    usd_per_second: Decimal
    usd_per_second_with_video: Decimal | None = None  # with a reference video; None: the same
    at: Position | None = field(default=None, compare=False)  # where it is written


@dataclass(frozen=True, kw_only=True)
class Episode:
    """One episode, expanded into shots in story order."""

    series: str
    series_title: str
    episode: str
    title: str
    shots: tuple[Shot, ...]
    master: MasterFormat
    music: Music | None
    caps: Caps
    prices: tuple[Price, ...]
    language: str | None = None  # of the lines, as a BCP 47 tag
    subtitles: SubtitleRules | None = None
    scene_music: Mapping[str, Music] = field(default_factory=dict)  # by scene, of those that have music of their own
    end_transition: Transition = CUT  # how the last picture goes
    cards: tuple[Card, ...] = ()  # in the order of the story; see `storyboard.timeline.card_places`
    poster: PosterChoice | None = None  # what stands for it; None: see `storyboard.timeline.markers`
    cues: tuple[MusicCue, ...] = ()  # music under some of its shots, beside that of the episode and its scenes
    mix: MixSettings = USUAL_MIX
    loudness: LoudnessTarget | None = WEB  # None: as loud as it is
    stems: bool = False  # dialogue, music and effects as files of their own
    deliveries: tuple[Delivery, ...] = ()  # beside the master
    approval: ApprovalRules = NO_APPROVAL  # what must be approved before anything is paid for

    def shot(self, key: str) -> Shot:
        """The shot with this key; KeyError if there is none."""
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[str, Shot]:
        return {shot.key: shot for shot in reversed(self.shots)}

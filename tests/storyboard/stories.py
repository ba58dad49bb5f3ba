"""Small stories, vendors and takes for tests of the pure core: everything by hand, nothing from a disk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from storyboard.capabilities import Capabilities, Lengths, MediaLimits, ModelCapabilities, Rate
from storyboard.continuity.chains import Link, acceptable_frames, continuity_frame, order, resolve
from storyboard.errors import Position
from storyboard.plan.episode_plan import Action, Choices, Plan, PlannedShot, plan
from storyboard.request import ReferenceFacts
from storyboard.shot import (
    Caps,
    Continuity,
    ContinuityMode,
    Episode,
    MasterFormat,
    MediaKind,
    Mention,
    Reference,
    Role,
    Shot,
)
from storyboard.takes import Circle, ClipFacts, TakeFacts, TakeState

FPS = Fraction(24)
MASTER = MasterFormat(1280, 720, FPS)


def shot(key: str = "lamp/010", *, after: str | None = None, **overrides: Any) -> Shot:
    """A shot of three seconds at the vendor acme. `after` is the key of the shot that it continues."""
    scene, _, id_ = key.partition("/")
    written = overrides.pop("mode", None)
    mode = written or (ContinuityMode.TAIL_FRAME if after else ContinuityMode.NONE)
    plain = Shot(
        episode="e01",
        scene=scene,
        id=id_,
        index=0,
        prompt=(f"what happens in {key}",),
        duration_s=Decimal(3),
        camera=(),
        sound=(),
        dialogue=(),
        beats=(),
        references=(),
        descriptions=(),
        continuity=Continuity(mode, after, predecessor=after),
        providers=("acme",),
        model=None,
        resolution="720p",
        aspect_ratio="16:9",
        audio=True,
        seed=None,
        takes=1,
        notes="",
        at=Position("episodes/e01.yaml", 1, 1),
        link_by_place=None if written else ContinuityMode.TAIL_FRAME,
    )
    return replace(plain, **overrides)


def story(*shots: Shot, max_chain: int = 4, fps: Fraction = FPS) -> Episode:
    """An episode of these shots, numbered, with its chains drawn."""
    links = [Link(each.key, each.continuity.mode, each.continuity.predecessor, max_chain) for each in shots]
    chains = resolve(links)
    return Episode(
        series="lighthouse",
        series_title="The Last Lamp",
        episode="e01",
        title="The Lamp",
        shots=tuple(replace(each, index=index, continuity=chains[each.key]) for index, each in enumerate(shots)),
        master=replace(MASTER, fps=fps),
        music=None,
        caps=Caps(),
        prices=(),
    )


def chain(count: int, **overrides: Any) -> tuple[Shot, ...]:
    """Shots lamp/010, lamp/020, … each continuing the one before."""
    keys = [f"lamp/{10 * number:03}" for number in range(1, count + 1)]
    return tuple(shot(key, after=before, **overrides) for key, before in zip(keys, [None, *keys], strict=False))


def reference(name: str = "mara", role: Role = Role.CAST, source: str = "", **overrides: Any) -> Reference:
    """A picture of somebody or something."""
    plain = Reference(
        kind=MediaKind.IMAGE, role=role, name=name, label=name.title(), source=source or f"references/{name}.png"
    )
    return replace(plain, **overrides)


def naming(*names: str) -> tuple[str | Mention, ...]:
    """A wording that calls these, in this order."""
    return tuple(part for name in names for part in (Mention(name, name.title()), " and "))[:-1]


def facts(reference: Reference, **overrides: Any) -> ReferenceFacts:
    """What is known of a reference's file: a small picture, clip or sound that every vendor takes."""
    moving = reference.kind is not MediaKind.IMAGE
    plain = ReferenceFacts(
        source=reference.source,
        sha256=digest(reference.source),
        kind=reference.kind,
        format={MediaKind.IMAGE: "png", MediaKind.VIDEO: "mp4", MediaKind.AUDIO: "mp3"}[reference.kind],
        bytes=10_000,
        width=None if reference.kind is MediaKind.AUDIO else 1280,
        height=None if reference.kind is MediaKind.AUDIO else 720,
        duration_s=Decimal(4) if moving else None,
        fps=Fraction(24) if reference.kind is MediaKind.VIDEO else None,
    )
    return replace(plain, **overrides)


def facts_of(*shots: Shot) -> dict[str, ReferenceFacts]:
    """The facts of every reference of these shots."""
    return {each.source: facts(each) for one in shots for each in one.references}


def digest(text: str) -> str:
    """A sha256 to stand for a file."""
    return hashlib.sha256(text.encode()).hexdigest()


def model(name: str = "acme-1", **overrides: Any) -> ModelCapabilities:
    """What a model of this family sells."""
    plain = ModelCapabilities(
        name=name,
        lengths=Lengths(min_s=Decimal(4), max_s=Decimal(15)),
        resolutions=("480p", "720p"),
        aspect_ratios=("16:9", "9:16", "1:1"),
        media={
            MediaKind.IMAGE: MediaLimits(count=9, formats=("jpeg", "png")),
            MediaKind.VIDEO: MediaLimits(count=3, formats=("mp4",), max_s=Decimal(15), total_s=Decimal(15)),
            MediaKind.AUDIO: MediaLimits(count=3, formats=("mp3", "wav"), total_s=Decimal(15)),
        },
        references_in_all=12,
        prompt_characters=4000,
        seed=True,
        first_frame_model=f"{name}-i2v",
        frame_sizes={("720p", "16:9"): (1280, 720), ("480p", "16:9"): (864, 496)},
        rates={
            "720p": Rate(usd_per_second=Decimal("0.20"), usd_per_second_with_video=Decimal("0.25")),
            "480p": Rate(usd_per_second=Decimal("0.10")),
        },
    )
    return replace(plain, **overrides)


def vendor(provider: str = "acme", **overrides: Any) -> Capabilities:
    """A vendor of one model; overrides of the model's fields go to the model."""
    own = {name for name in Capabilities.__dataclass_fields__ if name in overrides}
    made = model(f"{provider}-1", **{name: value for name, value in overrides.items() if name not in own})
    plain = Capabilities(
        provider=provider,
        origin=f"https://api.{provider}.example",
        models={made.name: made},
        default_model=made.name,
        tokens={MediaKind.IMAGE: "@image{n}", MediaKind.VIDEO: "@video{n}", MediaKind.AUDIO: "@audio{n}"},
    )
    return replace(plain, **{name: overrides[name] for name in own})


def clip(name: str = "clip", *, frames: int = 96, fps: Fraction = FPS, **overrides: Any) -> ClipFacts:
    """A delivered clip: four seconds at 24 frames a second."""
    plain = ClipFacts(
        sha256=digest(name),
        bytes=1_000_000,
        width=1280,
        height=720,
        frames=frames,
        fps=fps,
        duration_s=Decimal(frames * fps.denominator) / fps.numerator,
    )
    return replace(plain, **overrides)


def take(wish: str, shot: str = "e01/lamp/010", **overrides: Any) -> TakeFacts:
    """A take that is done, by acme."""
    plain = TakeFacts(
        id="take-1",
        shot=shot,
        number=1,
        state=TakeState.DONE,
        provider="acme",
        account="acme",
        model="acme-1",
        wish=wish,
        variation=0,
        fingerprint=None,
        continuity=None,
        clip=clip(),
    )
    made = replace(plain, **overrides)
    return made if made.state is TakeState.DONE else replace(made, clip=overrides.get("clip"))


class Simulation:
    """Takes and vendors without ledger or network: `make` does what a plan says, so that the next one can be seen."""

    def __init__(self, *vendors: Capabilities, references: Mapping[str, ReferenceFacts] | None = None) -> None:
        self.vendors = {each.provider: each for each in vendors or (vendor(),)}
        self.references = dict(references or {})
        self.takes: list[TakeFacts] = []
        self.circles: dict[str, Circle] = {}

    def plan(self, episode: Episode, **choices: Any) -> Plan:
        """Plan with what there is."""
        if "shots" in choices:
            choices["shots"] = frozenset(choices["shots"])
        circles = tuple(self.circles.values())
        return plan(episode, self.vendors, self.references, tuple(self.takes), circles, Choices(**choices))

    def actions(self, episode: Episode, **choices: Any) -> dict[str, str]:
        """What the plan says of each shot."""
        return {each.key: each.action.value for each in self.plan(episode, **choices).shots}

    def make(self, episode: Episode, **choices: Any) -> list[str]:
        """Make everything that the plan asks for; returns the keys of the shots that were paid for, in order."""
        planned = {each.key: each for each in self.plan(episode, **choices).shots}
        clips: dict[str, ClipFacts] = {}
        paid: list[str] = []
        for key in order(episode):
            one = planned[key]
            if one.action is Action.GENERATE and one.asked:
                for variation in one.variations:
                    self._done(episode, episode.shot(key), one.wish, variation, clips, provider=one.provider or "")
                    paid.append(key)
                self._circle(f"e01/{key}", self.takes[-len(one.variations)].id, replace_it=one.new or bool(choices))
            elif one.take is not None and one.action in {Action.REUSE, Action.STALE}:
                self._circle(f"e01/{key}", one.take)
            circle = self.circles.get(f"e01/{key}")
            found = next((each.clip for each in self.takes if circle and each.id == circle.take), None)
            if found is not None:
                clips[key] = found
        return paid

    def circle(self, key: str, take: str | None, *, by_person: bool = True) -> None:
        """Circle a take of a shot, or waive the shot."""
        self.circles[f"e01/{key}"] = Circle(shot=f"e01/{key}", take=take, by_person=by_person)

    def change(self, take_id: str, **changes: Any) -> None:
        """Change one take."""
        self.takes = [replace(each, **changes) if each.id == take_id else each for each in self.takes]

    def _done(
        self,
        episode: Episode,
        shot: Shot,
        wish: str,
        variation: int,
        clips: Mapping[str, ClipFacts],
        *,
        provider: str,
    ) -> None:
        source = shot.continuity.source
        number = len(self.takes) + 1
        self.takes.append(
            take(
                wish,
                f"e01/{shot.key}",
                id=f"take-{number}",
                number=number,
                variation=variation,
                provider=provider,
                account=self.vendors[provider].account,
                model=self.vendors[provider].default_model,
                continuity=continuity_frame(episode, shot, clips[source]) if source in clips else None,
                clip=clip(f"clip {number}", frames=96),
            )
        )

    def _circle(self, shot: str, take_id: str, *, replace_it: bool = False) -> None:
        if replace_it or shot not in self.circles or not self.circles[shot].by_person:
            self.circles[shot] = Circle(shot=shot, take=take_id)


def made_on_right_frames(episode: Episode, takes: Sequence[TakeFacts], circles: Mapping[str, Circle]) -> bool:
    """Whether every circled take begins on a frame that its source's circled take ends on."""
    used = {shot: next(each for each in takes if each.id == circle.take) for shot, circle in circles.items()}
    for each in episode.shots:
        source = each.continuity.source
        if source is None:
            continue
        before = used[f"e01/{source}"].clip
        assert before is not None
        if used[f"e01/{each.key}"].continuity not in acceptable_frames(episode, each, before):
            return False
    return True


def edited(episode: Episode, key: str, **changes: Any) -> Episode:
    """The episode with one shot changed."""
    return replace(
        episode, shots=tuple(replace(each, **changes) if each.key == key else each for each in episode.shots)
    )


def only(simulation: Simulation, episode: Episode, **choices: Any) -> PlannedShot:
    """What is planned for an episode's one shot."""
    return simulation.plan(episode, **choices).shots[0]


def with_take(episode: Episode, **changes: Any) -> Simulation:
    """A simulation with one take of the episode's first shot, circled by the machine if it is done."""
    simulation = Simulation()
    wish = simulation.plan(episode).shots[0].wish
    simulation.takes.append(take(wish, **changes))
    if simulation.takes[0].state is TakeState.DONE:
        simulation.circle("lamp/010", "take-1", by_person=False)
    return simulation

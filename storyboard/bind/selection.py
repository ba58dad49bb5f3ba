"""Which references a vendor gets: numbered by kind in order of priority, the lowest left out where it takes fewer.

Nothing is left out silently. What falls away is listed with the reason; what a producer marked `required`, and the
frame that a shot begins on, are never left out: then the shot cannot be made by this vendor as it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from storyboard.bind.fits import CannotFit, Fit, fit_for, fitted_seconds, spelled
from storyboard.bind.offer import Order
from storyboard.bind.reference_jobs import undocumented
from storyboard.bind.songs import refuse_song_length, song_among, song_refused
from storyboard.bind.windows import expected_s, refuse_expected, window_of
from storyboard.capabilities import MediaLimits
from storyboard.errors import CannotBind
from storyboard.film_traits import conversions
from storyboard.paths import is_url
from storyboard.request import Dropped, FrameId, ReferenceFacts
from storyboard.shot import MediaKind, Reference, Role
from storyboard.text.decimals import plain_decimal

_PRIORITY = {role: place for place, role in enumerate(Role)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuityInput:
    """What a shot begins on: a frame (or the last seconds) of another shot's clip.

    In a plan that runs ahead of that clip, `frame` and `sha256` are None: the reference is counted and priced, and
    nothing more is known of it.
    """

    kind: MediaKind
    source: str  # the key SCENE/SHOT of the shot it comes from
    sha256: str | None = None  # of the file that holds the frame
    frame: FrameId | None = None
    width: int | None = None  # pixels
    height: int | None = None
    duration_s: Decimal | None = None  # of a tail clip


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One reference that is sent."""

    token: str
    reference: Reference
    sha256: str | None
    fit: Fit | None
    frame: FrameId | None
    seconds: Decimal | None  # once it fits
    bytes: int = 0  # of the original; 0 where they are not known


@dataclass(slots=True)
class Selection:
    """What is sent, what is not, and what a producer should know of both."""

    chosen: list[Chosen] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def drop(self, references: Iterable[Reference], why: str) -> None:
        """Leave these out, saying why."""
        self.dropped += [Dropped(each.role, each.name, each.source, why) for each in references]

    def of_kind(self, kind: MediaKind) -> list[Chosen]:
        """The chosen references of one kind, in order of their numbers."""
        return [each for each in self.chosen if each.reference.kind is kind]

    @property
    def opening(self) -> str | None:
        """The token of what the shot begins on, None where it begins afresh."""
        begins = {Role.CONTINUITY, Role.FIRST_FRAME}
        return next((each.token for each in self.chosen if each.reference.role in begins), None)


def select(order: Order, facts: Mapping[str, ReferenceFacts], continuity: ContinuityInput | None) -> Selection:
    """Choose and number a shot's references for one model. Raises CannotBind.

    Bytes decide nothing about which are sent. So those are chosen first, and then fitted to their share of the bytes
    that all of one kind may have together.
    """
    selection = _select(order, facts, continuity)
    shared = _sharing(order, selection)
    if shared is not order:
        selection = _select(shared, facts, continuity)
    _refuse_too_short(order, selection)
    _refuse_without_picture(order, selection)
    return selection


def _refuse_without_picture(order: Order, selection: Selection) -> None:
    """Some vendors make nothing of words or sound alone."""
    model, song = order.model, song_among(order.shot.references)
    if selection.of_kind(MediaKind.IMAGE) or selection.of_kind(MediaKind.VIDEO):
        return
    if model.needs_visual_reference:
        remedy = "Add a reference to the shot, its style or its location"
        raise order.refused(f"{model.name} needs at least one image or video", remedy)
    why = f"{model.name} takes no sound without an image or video"
    if model.sound_needs_picture and song is not None:
        raise song_refused(order, song, why, "Add a picture to the shot, its style or its location")
    if model.sound_needs_picture and selection.chosen:
        raise order.refused(why, "Add a picture, or remove the sound reference")


def _select(order: Order, facts: Mapping[str, ReferenceFacts], continuity: ContinuityInput | None) -> Selection:
    selection = Selection()
    if continuity:
        first = continuity_reference(continuity)
        _consider(order, selection, first, continuity_facts(continuity), continuity.frame)
    for reference in sorted(order.shot.references, key=lambda each: (not each.song, _PRIORITY[each.role])):
        known = facts.get(reference.source)
        _consider(order, selection, reference, known, known.frame if known else None)
    return selection


def _consider(
    order: Order,
    selection: Selection,
    reference: Reference,
    known: ReferenceFacts | None,
    frame: FrameId | None = None,
) -> None:
    """Send one more reference, or leave it out."""
    if why := _too_many(order, selection, reference.kind):
        return _leave_out(order, selection, reference, why)
    if refusal := undocumented(order.model, reference):
        raise _refused(order, reference, *refusal, song="Choose another model")
    limits = order.model.media[reference.kind]
    fit = fitted(order, limits, reference, known)
    seconds = fitted_seconds(known, fit) if known else expected_s(reference, limits)
    if why := _too_long(limits, selection, reference.kind, seconds):
        return _leave_out(order, selection, reference, why)
    number = len(selection.of_kind(reference.kind)) + 1
    selection.chosen.append(
        Chosen(
            token=order.capabilities.tokens[reference.kind].replace("{n}", str(number)),
            reference=reference,
            sha256=(known.sha256 or None) if known else None,
            fit=fit,
            frame=frame,
            seconds=seconds,
            bytes=known.bytes if known else 0,
        )
    )
    selection.notes += told_of(reference, known, fit)
    return None


def told_of(reference: Reference, known: ReferenceFacts | None, fit: Fit | None) -> list[str]:
    """What a producer should know of a reference that is sent: that it is not there yet, that it is changed for it."""
    notes = [] if known is not None else [_unknown_yet(reference)]
    return notes if fit is None else [*notes, f"{reference.source} is sent as {fit}{_why_fitted(fit, known)}"]


def _unknown_yet(reference: Reference) -> str:
    if reference.own is not None:
        return f"{reference.source} is not there yet; it is sent once it is made"
    return f"{reference.source} is not fetched yet; produce fetches it before anything is paid"


def _sharing(order: Order, selection: Selection) -> Order:
    """The order with limits by which these references share their bytes; itself where nothing has to be shared.

    Those that go as they are and are light enough together need no share; else each may have as much as the others.
    """
    media = dict(order.model.media)
    for kind, limits in order.model.media.items():
        sent = selection.of_kind(kind)
        if limits.total_bytes is None or not sent:
            continue
        if sum(each.bytes for each in sent) > limits.total_bytes or any(each.fit for each in sent):
            share = limits.total_bytes // len(sent)
            media[kind] = replace(limits, max_bytes=min(share, limits.max_bytes or share))
    return order if media == dict(order.model.media) else replace(order, model=replace(order.model, media=media))


def _refuse_too_short(order: Order, selection: Selection) -> None:
    """Seconds that are asked for in sum. Where one length is not known, neither is the sum."""
    for kind, limits in order.model.media.items():
        seconds = [each.seconds for each in selection.of_kind(kind)]
        lasting = [each for each in seconds if each is not None]
        if limits.total_min_s is None or not seconds or len(lasting) < len(seconds):
            continue
        if sum(lasting) < limits.total_min_s:
            chosen = selection.of_kind(kind)
            last = "last" if len(chosen) > 1 else "lasts"
            raise order.refused(
                f"{', '.join(map(_part_said, chosen))} {last} {plain_decimal(sum(lasting, Decimal(0)))} s, and at "
                f"least {limits.total_min_s} s of {kind} are asked for in all",
                f"{'Choose a longer part' if any(map(_in_part, chosen)) else 'Give a longer one'}, or remove it",
            )


def _in_part(chosen: Chosen) -> bool:
    return chosen.fit is not None and chosen.fit.window is not None


def _part_said(chosen: Chosen) -> str:
    window = chosen.fit.window if chosen.fit else None
    return f"{'' if window is None else f'{spelled(window)} of '}{chosen.reference.source}"


def _why_fitted(fit: Fit, known: ReferenceFacts | None) -> str:
    """What a producer cannot see in the fit's name: why a picture or a film is not sent as it is."""
    if fit.plain and known:
        return f": {conversions(known.traits)}"
    if fit.window is not None:
        return f": {spelled(fit.window)} of it"
    if fit.bare:
        return ": what its file says of places, people and devices stays here"
    return f": it has {'; '.join(known.unlike_srgb)}" if fit.srgb and known and known.unlike_srgb else ""


def continuity_reference(continuity: ContinuityInput) -> Reference:
    """The continuity frame as a reference like any other, first in priority and never left out."""
    return Reference(
        kind=continuity.kind,
        role=Role.CONTINUITY,
        name=continuity.source,
        label=continuity.source,
        source=continuity.source,
        required=True,
    )


def continuity_facts(continuity: ContinuityInput) -> ReferenceFacts:
    """What is known of a continuity frame: frames are taken as PNG, tail clips as MP4."""
    return ReferenceFacts(
        source=continuity.source,
        sha256=continuity.sha256 or "",
        kind=continuity.kind,
        format="mp4" if continuity.kind is MediaKind.VIDEO else "png",
        bytes=0,
        width=continuity.width,
        height=continuity.height,
        duration_s=continuity.duration_s,
    )


def _too_many(order: Order, selection: Selection, kind: MediaKind) -> str:
    provider, model = order.capabilities.provider, order.model
    limits = model.media.get(kind)
    if limits is None or limits.count == 0:
        return f"{provider} takes no {kind} references with {model.name}"
    if len(selection.of_kind(kind)) >= limits.count:
        return f"{provider} takes at most {limits.count} {kind} references with {model.name}"
    if len(selection.chosen) >= model.references_in_all:
        return f"{provider} takes at most {model.references_in_all} references in all with {model.name}"
    return ""


def _too_long(limits: MediaLimits, selection: Selection, kind: MediaKind, seconds: Decimal | None) -> str:
    so_far = sum((each.seconds or Decimal(0) for each in selection.of_kind(kind)), Decimal(0))
    if limits.total_s is None or seconds is None or so_far + seconds <= limits.total_s:
        return ""
    return f"the {kind} references together would be longer than {limits.total_s} s"


def fitted(order: Order, limits: MediaLimits, reference: Reference, known: ReferenceFacts | None) -> Fit | None:
    """The fit that makes a reference acceptable, None where nothing is needed or known. Raises CannotBind."""
    _refuse_beyond_reach(order, reference)
    if known is None:
        if is_url(reference.source) or reference.own is not None:
            _refuse_expected(order, limits, reference)
            return None
        raise order.refused(f"{reference.source} was not read", "Look whether the file is there and can be read")
    if known.kind is not reference.kind:
        raise order.refused(
            f"{reference.source} is named as {reference.kind} and holds {known.kind}",
            "Give the file the ending of what it is",
        )
    if reference.song:
        refuse_song_length(order, reference, limits)
    try:
        return fit_for(known, limits, window_of(reference, known, limits), as_in_cut=reference.song)
    except CannotFit as error:
        raise _refused(order, reference, error.problem, error.remedy, song="Give a longer song") from None


def _refused(order: Order, reference: Reference, problem: str, remedy: str, *, song: str) -> CannotBind:
    """Why a reference cannot be sent. What to do about a song that a shot is made to is said otherwise (`song`)."""
    if reference.song:
        return song_refused(order, reference, problem, song)
    return order.refused(problem, remedy, at=reference.at)


def _refuse_expected(order: Order, limits: MediaLimits, reference: Reference) -> None:
    """What is not there yet is made to fit once it is, unless its length is known already and not taken."""
    try:
        refuse_expected(reference, limits)
    except CannotFit as error:
        raise order.refused(error.problem, error.remedy, at=reference.at) from None


def _refuse_beyond_reach(order: Order, reference: Reference) -> None:
    if reference.kind in order.capabilities.beyond_reach:
        raise order.refused(
            f"{reference.source} is {'an' if reference.kind.value[0] in 'ai' else 'a'} {reference.kind} reference, "
            "which this vendor reads by a public link only",
            "Keep clips and references where links lead to (TAILFRAME_STORE_URL=s3://bucket/prefix), remove the "
            "reference, or choose another vendor",
        )


def _leave_out(order: Order, selection: Selection, reference: Reference, why: str) -> None:
    if reference.role is Role.CONTINUITY:
        remedy = "Write another continuity for this shot (tail_frame, none), or choose another vendor"
        raise order.refused(f"it continues {reference.source}, and {why}", remedy)
    if reference.song:
        raise song_refused(order, reference, why, "Take away other references")
    if reference.required:
        remedy = "Take away references of higher priority, drop `required`, or choose another vendor"
        raise order.refused(f"{reference.source} is required, and {why}", remedy)
    selection.drop([reference], why)

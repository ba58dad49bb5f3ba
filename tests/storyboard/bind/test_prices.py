"""What one generation costs at most: by the table, or as a project states it."""

from __future__ import annotations

from decimal import Decimal

from storyboard.bind.selection import ContinuityInput
from storyboard.capabilities import Rate
from storyboard.request import ReferenceFacts
from storyboard.shot import ContinuityMode, MediaKind, Price, Reference, Role
from tests.storyboard.bind.asking import ask
from tests.storyboard.stories import facts, reference, shot, vendor


def video(seconds: str | None = "4") -> tuple[Reference, dict[str, ReferenceFacts]]:
    """A reference clip of this length, and its facts."""
    waves = reference("waves", Role.EXTRA, "references/waves.mp4", kind=MediaKind.VIDEO)
    return waves, {waves.source: facts(waves, duration_s=None if seconds is None else Decimal(seconds))}


def test_what_is_bought_is_charged_and_not_what_is_used() -> None:
    """A second and a half costs four seconds."""
    assert ask(shot(duration_s=Decimal("1.5"))).estimated_usd == Decimal("0.80")


def test_a_reference_video_has_its_surcharge() -> None:
    """The with-video rate holds as soon as a clip is sent, and the input counts where the vendor bills it."""
    waves, known = video("9")
    one = shot(references=(waves,))
    assert ask(one, references=known).estimated_usd == Decimal("1.00")
    rate = Rate(usd_per_second=Decimal("0.2"), usd_per_second_with_video=Decimal("0.12"), bills_input_video=True)
    billed = vendor(rates={"720p": rate})
    assert ask(one, billed, references=known).estimated_usd == Decimal("0.12") * (9 + 4)
    unknown, facts_ = video(None)
    assert ask(shot(references=(unknown,)), billed, references=facts_).estimated_usd == Decimal("0.12") * (15 + 4)


def test_a_tail_clip_is_priced_as_input_video() -> None:
    """Also in a plan that runs ahead of it."""
    one = shot(after="lamp/000", mode=ContinuityMode.TAIL_CLIP)
    ahead = ContinuityInput(kind=MediaKind.VIDEO, source="lamp/000", duration_s=Decimal(2))
    request = ask(one, continuity=ahead)
    assert (request.references[0].token, request.estimated_usd) == ("@video1", Decimal("1.00"))


def test_a_price_that_nobody_knows_is_none() -> None:
    """It is never taken for nothing; only a vendor that takes no money costs nothing."""
    assert ask(shot(), vendor(rates={})).estimated_usd is None
    assert ask(shot(), vendor(rates={}, paid=False)).estimated_usd == 0


def test_a_stated_price_wins_and_the_most_particular_first() -> None:
    """The project's own price holds before the table; one for this model before one for this resolution."""
    general = Price(provider="acme", usd_per_second=Decimal(1))
    sized = Price(provider="acme", resolution="720p", usd_per_second=Decimal(2))
    named = Price(provider="acme", model="acme-1", usd_per_second=Decimal(3), usd_per_second_with_video=Decimal(5))
    other = Price(provider="kinovi", usd_per_second=Decimal(9))
    assert ask(shot(), prices=(other,)).estimated_usd == Decimal("0.80")
    assert ask(shot(), prices=(other, general)).estimated_usd == 4
    assert ask(shot(), prices=(general, sized)).estimated_usd == 8
    assert ask(shot(), prices=(named, general, sized)).estimated_usd == 12
    waves, known = video()
    assert ask(shot(references=(waves,)), prices=(named,), references=known).estimated_usd == 20


def test_fractions_of_a_micro_dollar_round_up() -> None:
    """A reservation is never less than the charge."""
    odd = vendor(rates={"720p": Rate(usd_per_second=Decimal("0.00000011"))})
    assert ask(shot(), odd).estimated_usd == Decimal("0.000001")

"""Which of a delivery's subtitles the cut has anything for."""

from __future__ import annotations

import pytest

from render.episode.delivery_ingredients import with_what_is_said
from storyboard.captions.caption import Caption, CaptionTrack
from tests.storyboard.timeline.delivery_cases import FPS, FRAMES, delivery, plan_of


def track(language: str, *spans: tuple[int, int]) -> CaptionTrack:
    """One with captions at these frames."""
    captions = tuple(
        Caption(language=language, start=start, end=end, lines=("a boat",), speakers=("",), at=(None,), shot="lamp/000")
        for start, end in spans
    )
    return CaptionTrack(language=language, fps=FPS, captions=captions)


@pytest.mark.parametrize("wanted", [{"soft": ("en", "de", "fr")}, {"burnt": "en"}, {"burnt": "de"}, {"burnt": "fr"}])
def test_only_what_the_cut_has_goes_into_a_delivery(wanted: dict[str, object]) -> None:
    """French is not translated yet, and nothing is said in German within the delivery's part."""
    plan = plan_of(delivery(**wanted))
    told = with_what_is_said(plan, [track("en", (0, 5)), track("de", (FRAMES, FRAMES + 5))]).delivery
    assert told.soft == tuple(tag for tag in plan.delivery.soft if tag == "en")
    assert told.burnt == ("en" if wanted.get("burnt") == "en" else None)

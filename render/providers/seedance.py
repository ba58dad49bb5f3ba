"""How models of the Seedance family want their prompts written, at whichever vendor: with who says so, and since when.

Another form is another value here: prompts and fingerprints of later orders change, and nothing is bought again.
"""

from __future__ import annotations

from dataclasses import replace

from storyboard.prompt_forms import PLAIN_WITHOUT, PROSE_BEATS, SPOKEN_LINES, PromptForms

AS_OF = "2026-10"

SEEDANCE_2 = PromptForms(
    beat=replace(
        PROSE_BEATS,
        source="no page of the four gives a form; users report that Seedance 2.0 follows times in prose poorly",
        as_of=AS_OF,
    ),
    dialogue=replace(SPOKEN_LINES, source="no page of the four gives a form", as_of=AS_OF),
    without=replace(
        PLAIN_WITHOUT, source="no page of the four has a field for what is unwanted, or gives a form", as_of=AS_OF
    ),
)
"""Seedance 2.0. Its successor is reported to follow marks better: `storyboard.prompt_forms.MARKED_BEATS`."""

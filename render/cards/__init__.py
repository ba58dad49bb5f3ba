"""How does a card look, and does it fit? Cards drawn from templates, as clips in the house format."""

from __future__ import annotations

from render.cards.card_checks import card_findings
from render.cards.card_files import stored_files
from render.cards.kept_cards import kept_card
from render.cards.kept_slates import kept_slate

__all__ = ["card_findings", "kept_card", "kept_slate", "stored_files"]

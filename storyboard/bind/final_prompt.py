"""The prompt that is sent: composed, with no token in it but the composer's own, and no longer than the model takes."""

from __future__ import annotations

from decimal import Decimal

from storyboard.bind.composer import Sent, compose, tokens_in
from storyboard.bind.offer import Order
from storyboard.bind.prompt_notes import prompt_notes
from storyboard.bind.selection import Selection


def final_prompt(order: Order, selection: Selection, billed_s: Decimal) -> tuple[str, list[str]]:
    """The prompt to the letter, for `billed_s` seconds, and what to know of it before paying. Raises CannotBind."""
    sent = [Sent(each.token, each.reference) for each in selection.chosen if each.token]
    prompt = compose(
        order.shot,
        sent,
        opening=selection.opening,
        mode=order.mode,
        billed_s=billed_s,
        forms=order.model.prompt_forms,
    )
    written = tokens_in(prompt, order.capabilities.tokens)
    for token in (each.token for each in sent):
        written.remove(token)  # exactly one of each is the composer's own
    if written:
        raise order.refused(
            f"its text says {written[0]}, which would point at a reference of the vendor's numbering",
            "Call what you mean by its name, as in {{ name }}; the number is put in for you",
        )
    most = order.model.prompt_characters
    if most is not None and len(prompt) > most:
        raise order.refused(
            f"its prompt has {len(prompt)} characters, and {order.model.name} takes {most}",
            "Shorten the prompt, its beats, or the descriptions of what it names",
        )
    return prompt, prompt_notes(order, selection, prompt)

"""Whether a vendor sells the size that a shot is generated at, and the one that it is made larger to."""

from __future__ import annotations

from storyboard.bind.offer import Order


def refuse_unsold_size(order: Order) -> None:
    """Raises CannotBind where the model does not sell the shot's `resolution`, or its `upscale`."""
    shot, model = order.shot, order.model
    if model.resolutions and shot.resolution not in model.resolutions:
        values = f"Valid values are: {', '.join(model.resolutions)}"
        if shot.resolution in model.upscales:
            values = (
                f"It makes clips as large: write `upscale: {shot.resolution}`, and as `resolution` what it is to "
                f"generate. {values}"
            )
        raise order.refused(f"{model.name} does not sell {shot.resolution}", values)
    if shot.upscale is None:
        return
    if shot.upscale not in model.upscales:
        raise order.refused(f"{model.name} makes no clip larger to {shot.upscale}", _without_upscale(order))
    if shot.upscale == shot.resolution:
        raise order.refused(f"{shot.resolution} is generated already", "Remove `upscale`")


def _without_upscale(order: Order) -> str:
    """What to write instead: the size itself where the model generates it, else who makes clips larger."""
    remedy = "Remove `upscale`"
    if order.shot.upscale in order.model.resolutions:
        return f"{remedy}, and write `resolution: {order.shot.upscale}`, which it generates"
    others = ", ".join(order.capabilities.upscale_vendors)
    return f"{remedy}, or choose a vendor that does{f' ({others})' if others else ''}"

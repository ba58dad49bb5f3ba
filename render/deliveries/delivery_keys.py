"""The keys of deliveries: hashes of all that decides how they come out. Pure.

One names the whole file, one its picture alone, so that a delivery whose sound changed keeps the picture that it had.
"""

from __future__ import annotations

import hashlib
import json

from render.deliveries.delivery_inputs import DeliveryInputs
from render.deliveries.encoder_settings import RECIPE
from storyboard.delivery_formats import VideoCodec
from storyboard.timeline.delivery_plan import DeliveryPlan


def delivery_key(plan: DeliveryPlan, inputs: DeliveryInputs) -> str:
    """The name under which a whole delivery is kept."""
    target = inputs.target
    said: list[object] = [
        _picture(plan, inputs),
        plan.sound_recipe,
        inputs.mix.key if inputs.mix is not None and plan.delivery.sound is not None else None,
        None if target is None else [str(target.lufs), str(target.true_peak_db), target.dialogue],
        [[language, inputs.soft[language].key] for language in plan.delivery.soft],
        plan.delivery.kind.value,
        *([] if inputs.labels is None else [["labels", inputs.labels.recipe]]),
    ]
    return _hashed("delivery", said)


def picture_key(plan: DeliveryPlan, inputs: DeliveryInputs) -> str | None:
    """The name under which its encoded picture is found; None where nothing is encoded."""
    if plan.picture is None or plan.picture.codec is VideoCodec.COPY:
        return None
    return _hashed("delivery-picture", _picture(plan, inputs))


def _picture(plan: DeliveryPlan, inputs: DeliveryInputs) -> list[object]:
    if plan.picture is None:
        return []
    words = [] if inputs.burnt is None else [inputs.burnt.key, inputs.fonts_key]
    seams = [] if inputs.seams is None else [inputs.seams.key]
    return [inputs.picture.key, plan.picture_recipe, words, *seams]


def _hashed(what: str, said: object) -> str:
    return f"{what}:{hashlib.sha256(json.dumps([RECIPE, said], sort_keys=True).encode()).hexdigest()}"

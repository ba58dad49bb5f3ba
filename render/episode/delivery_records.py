"""What the manifest says of deliveries, from what was measured of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from render.deliveries.delivery_facts import DeliveryFacts
from render.episode.manifest import DeliveryRecord, Loudness, Manifest


def with_deliveries(manifest: Manifest, delivered: Sequence[DeliveryFacts]) -> Manifest:
    """The manifest with a record of each delivery, in order."""
    return replace(manifest, deliveries=tuple(map(delivery_record, delivered)))


def delivery_record(facts: DeliveryFacts) -> DeliveryRecord:
    """The record of one delivery. It lies beside the master, under its own name."""
    heard = None
    if facts.lufs is not None and facts.peak_dbtp is not None:
        heard = Loudness(lufs=facts.lufs, peak_dbtp=facts.peak_dbtp)
    return DeliveryRecord(
        name=facts.name,
        path=facts.file_name,
        sha256=facts.sha256,
        bytes=facts.bytes,
        duration_s=facts.duration_s,
        video=facts.video,
        audio=facts.audio,
        width=facts.width,
        height=facts.height,
        fps=facts.fps,
        frames=facts.frames,
        loudness=heard,
        subtitles=facts.subtitles,
        checks=facts.checks,
    )

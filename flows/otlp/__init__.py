"""Where do spans and figures go? To a collector, by OTLP over HTTP, where OpenTelemetry's own variables name one."""

from flows.otlp.asked_telemetry import is_asked_for, telemetry_sent

__all__ = ["is_asked_for", "telemetry_sent"]

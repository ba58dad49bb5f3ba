"""What a series says of its vendors' accounts, where the environment says nothing.

It stands in nobody's wish or fingerprint: a series that moves to another account buys nothing again.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from storyboard.accounts import variable_of

if TYPE_CHECKING:
    from storyboard.loading import Project
    from storyboard.model import SeriesFile

__all__ = ["series_settings_notes", "with_series_settings"]

_NAMESPACE = variable_of("oxen", "NAMESPACE")


def with_series_settings(environment: Mapping[str, str], series: "SeriesFile") -> dict[str, str]:
    """The environment, and what the series says beside it. What the environment holds comes first, be it empty."""
    return {**_stated(series), **environment}


def series_settings_notes(project: "Project", environment: Mapping[str, str], asked: Collection[str]) -> list[str]:
    """What to know before paying: a series may come from anybody, and may say who pays the vendors in `asked`."""
    namespace = _stated(project.series).get(_NAMESPACE)
    if namespace is None or _NAMESPACE in environment or "oxen" not in asked:
        return []
    at = project.at("series.yaml", "vendors", "oxen", "namespace")
    return [f"{at}: the namespace {namespace} pays oxen and keeps the results; {_NAMESPACE} names another"]


def _stated(series: "SeriesFile") -> dict[str, str]:
    """By variable, as the vendors' own settings are called."""
    namespace = series.vendors.oxen.namespace
    return {} if namespace is None else {_NAMESPACE: namespace}

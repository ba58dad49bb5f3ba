"""Prefect variables that stand in for what a flow's parameters leave empty: the project, and a day's budget.

They are set on the server, in its pages or by `prefect variable set`, and count from the next run on, with nothing to
be deployed again. Nothing else is read from variables, and no key ever: see `flows.prefect.secret_blocks`.
"""

from decimal import Decimal, InvalidOperation

from prefect.client.orchestration import get_client

from flows.errors import SettingsError, UsageError

__all__ = ["BUDGET", "PROJECT", "the_budget_usd", "the_project"]

PROJECT = "tailframe_project"
BUDGET = "tailframe_budget_usd"


async def the_project(given: str) -> str:
    """The project that a run was given, else the variable's. Raises UsageError where there is neither."""
    if given:
        return given
    value = await _value_of(PROJECT)
    if value is None or value == "":
        raise UsageError("no project was named", f"Name one, or set the Prefect variable {PROJECT}")
    if not isinstance(value, str):
        raise SettingsError({PROJECT: "must be the name of a project"}, "Set the Prefect variable anew")
    return value


async def the_budget_usd(given: float | None) -> Decimal:
    """The budget of a day in US dollars: the one that was given, else the variable's.

    Raises UsageError where there is neither: what runs while nobody watches says what it may spend.
    """
    value = given if given is not None else await _value_of(BUDGET)
    if value is None or value == "":
        raise UsageError("no budget was given", f"Give budget_usd, or set the Prefect variable {BUDGET}")
    return _usd(value)


async def _value_of(variable: str) -> object:
    """What the server has for a variable, any JSON; None where it has none."""
    async with get_client() as client:
        found = await client.read_variable_by_name(variable)
    return None if found is None else found.value


def _usd(value: object) -> Decimal:
    try:
        usd = Decimal(str(value))
    except InvalidOperation:
        usd = Decimal("NaN")
    if isinstance(value, bool) or not usd.is_finite() or usd < 0:
        raise SettingsError({BUDGET: "must be a sum of US dollars"}, "Set the Prefect variable anew")
    return usd

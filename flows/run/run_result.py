"""How a run ended: what became of each shot, the exit code of the contract with scripts, and what a person is told."""

from dataclasses import dataclass

from render.episode.assemble import Assembly
from render.takes.outcomes import Outcome, first_refusal, obstacles, summary

__all__ = ["Result", "concluded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run leaves behind. `exit_code` as in the contract with scripts."""

    outcomes: tuple[Outcome, ...]
    asked: frozenset[str]
    assembly: Assembly | None
    exit_code: int
    message: str


def concluded(
    outcomes: tuple[Outcome, ...], asked: frozenset[str], assembly: Assembly | None, account_of_money: str
) -> Result:
    """The result of a run, of which only the shots in `asked` decide the exit code: 3 where money stood in the way."""
    wanted = [outcome for outcome in outcomes if outcome.key in asked]
    if any(outcome.budget for outcome in wanted):
        code = 3
    elif all(outcome.good for outcome in wanted) and not (assembly and assembly.slates):
        code = 0
    else:
        code = 1
    told = (summary(wanted), *obstacles(wanted), account_of_money or first_refusal(wanted))
    message = "\n".join(text for text in told if text)
    return Result(outcomes=outcomes, asked=asked, assembly=assembly, exit_code=code, message=message)

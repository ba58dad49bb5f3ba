"""How a run ended: what became of each shot, the exit code of the contract with scripts, and what a person is told."""

from dataclasses import dataclass

from render.episode.assemble import Assembly
from render.takes.outcomes import Outcome, first_refusal, obstacles, summary
from storyboard.errors import ExitCode

__all__ = ["Result", "concluded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How one run of an episode ended."""

    outcomes: tuple[Outcome, ...]  # one a shot, in story order
    asked: frozenset[str]  # SCENE/SHOT of those that the exit code answers for
    assembly: Assembly | None  # None where nothing was cut
    exit_code: int  # 0, 1 or 3; see `storyboard.errors.ExitCode`
    message: str  # for a person: one line a thing to know

    @property
    def may_pass(self) -> bool:
        """Whether it lacks a shot that nothing stood in the way of but an outage, or something of this machine."""
        return self.exit_code != ExitCode.DONE and any(each.passing for each in self.outcomes if not each.good)

    @property
    def budget_reached(self) -> bool:
        """Whether what it lacks is what a cap, or a missing approval, stood in the way of."""
        return self.exit_code == ExitCode.BUDGET


def concluded(
    outcomes: tuple[Outcome, ...], asked: frozenset[str], assembly: Assembly | None, shortfall: str, hours: str = ""
) -> Result:
    """The result of a run. Only the shots in `asked` decide the exit code: 3 where a cap stood in the way of one,
    else 0 where each is done or waived and the cut has no slate, else 1. `shortfall` says what the money did not reach,
    `hours` what the run had no time for.
    """
    wanted = [outcome for outcome in outcomes if outcome.key in asked]
    if any(outcome.budget for outcome in wanted):
        code = 3
    elif all(outcome.good for outcome in wanted) and not (assembly and assembly.slates):
        code = 0
    else:
        code = 1
    told = (summary(wanted), *obstacles(wanted), shortfall or first_refusal(wanted), hours)
    message = "\n".join(text for text in told if text)
    return Result(outcomes=outcomes, asked=asked, assembly=assembly, exit_code=code, message=message)

"""`tailframe produce`: makes an episode, and pays for nothing twice."""

from flows.cli.arguments import (
    AllowMissing,
    Anew,
    Budget,
    Cascade,
    Episode,
    NewTake,
    Project,
    Provider,
    Shots,
    UntilBudget,
    Yes,
    shot_keys,
)
from flows.cli.exits import ExitCode


def produce(
    *,
    project: Project,
    episode: Episode,
    provider: Provider = None,
    shots: Shots = None,
    new_take: NewTake = False,
    cascade: Cascade = False,
    budget: Budget = None,
    until_budget: UntilBudget = False,
    anew: Anew = False,
    allow_missing: AllowMissing = False,
    yes: Yes = False,
) -> int:
    """Make the episode. Run it again after whatever happened: only what is missing is made.

    Ends with 0 when all that was asked for is done, 1 when it is not,
    2 when the input is wrong, 3 when a budget refused, 130 when interrupted.
    Without a terminal, paid work needs --yes or --budget.

      tailframe produce my-series e01
      tailframe produce my-series e01 --budget 12.50 --until-budget
      tailframe produce my-series e01 --shots lamp/010,lamp/020 --new-take --yes
    """
    from flows.cli.run_flow import agree, run_flow
    from flows.prefect.server import prefect_server
    from storyboard.plan.episode_plan import Choices

    chosen = shot_keys(shots)
    choices = Choices(shots=chosen, new_take=new_take, cascade=cascade)
    with prefect_server() as server:
        agreed = agree(
            project,
            episode,
            choices,
            provider=provider,
            budget_usd=budget,
            yes=yes,
            until_budget=until_budget,
            anew=anew,
        )
        if agreed is None:
            return ExitCode.NOT_DONE
        return run_flow(
            server,
            "produce",
            project=str(project),
            episode=episode,
            provider=provider,
            shots=None if chosen is None else sorted(chosen),
            new_take=new_take,
            cascade=cascade,
            budget_usd=None if budget is None else float(budget),
            until_budget=until_budget,
            anew=agreed.anew,
            allow_missing=allow_missing,
            snapshot=agreed.snapshot,
            agreed_usd=None if agreed.usd is None else float(agreed.usd),
            unpriced=sorted(agreed.unpriced),
        )

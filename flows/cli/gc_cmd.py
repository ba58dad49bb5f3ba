"""`tailframe gc`: removes blobs that nothing refers to."""

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import AsJson, Project, project_folder
from flows.errors import UsageError
from flows.terminal.printing import say, say_json, tell

if TYPE_CHECKING:
    from flows.run.workspace import Workspace
    from render.garbage_collection.find_facts import Place
    from render.garbage_collection.survey import Rules
    from render.garbage_collection.whole_collection import Collected

Delete = Annotated[bool, typer.Option("--delete", help="Do it; without it, it is only told what would go.")]
OlderThan = Annotated[
    int, typer.Option("--older-than", metavar="DAYS", min=1, max=36_500, help="Only what was put so long ago.")
]
UnusedFor = Annotated[
    int,
    typer.Option("--unused-for", metavar="DAYS", min=1, max=36_500, help="Only what no cut has wanted for so long."),
]
Also = Annotated[
    list[Path] | None,
    typer.Option("--also", metavar="PROJECT", help="Another project whose ledger uses this store.", show_default=False),
]
Alone = Annotated[
    bool, typer.Option("--only-these", help="No ledger but those of the projects named ever used the store.")
]


def gc(
    *,
    project: Project,
    delete: Delete = False,
    older_than: OlderThan = 1,
    unused_for: UnusedFor = 30,
    also: Also = None,
    only_these: Alone = False,
    as_json: AsJson = False,
) -> None:
    """Remove from the store what nothing refers to. Only tells what would go, unless --delete says to do it.

    Clips of takes stay, whatever became of them, and so does whatever a
    ledger, a snapshot or an output folder names. What can be made again is
    forgotten once no cut has wanted it for --unused-for days, and removed by
    the first gc a day later. Runs may go on meanwhile.

      tailframe gc my-series
      tailframe gc my-series --delete
      tailframe gc my-series --also my-other-series --only-these --delete
    """
    from render.garbage_collection.survey import Rules
    from render.garbage_collection.whole_collection import collect

    rules = Rules(older_than=timedelta(days=older_than), unused_for_days=unused_for, alone=only_these)
    with contextlib.ExitStack() as stack:
        place = _place(stack, project, [project_folder(each) for each in also or ()], rules, delete=delete)
        collected = collect(place, rules, delete=delete, progress=lambda _: None)
    _answer(collected, as_json=as_json)


def _answer(collected: "Collected", *, as_json: bool) -> None:
    from flows.cli.gc_table import collected_json, lines_of

    if as_json:
        say_json(collected_json(collected))
        return
    for line in lines_of(collected):
        say(line)
    if collected.swept is None:
        tell(f"nothing can be removed: {collected.obstacle}" if collected.obstacle else "--delete removes it")


def _place(
    stack: contextlib.ExitStack, project: Path, also: Sequence[Path], rules: "Rules", *, delete: bool
) -> "Place":
    """The project's store with all ledgers that are said to use it. Raises UsageError where more may."""
    from flows.run.workspace import workspace_of
    from render.garbage_collection.find_facts import Place
    from render.store.collection import collection_at

    own = workspace_of(project)
    others = [workspace_of(each) for each in also]
    for each in others:
        if each.places.store_url != own.places.store_url:
            raise UsageError(f"{each.root} keeps its clips in {each.places.store_url}, not in {own.places.store_url}")
    if delete and not rules.alone and not _is_alone(own):
        raise UsageError(
            f"other ledgers may use the store {own.places.store_url}, and what they refer to would be removed",
            "Name every project whose ledger uses it with --also, and say --only-these",
        )
    looked = [stack.enter_context(each.reading()).ledger for each in (own, *others)]
    ledgers = [each for each in looked if each is not None]
    if len(ledgers) < len(looked):
        raise UsageError("nothing was ever made of one of these, so its ledger cannot say what it refers to")
    if delete:
        ledgers[0] = stack.enter_context(own.writing()).ledger
    within = own.places.within(own.places.store_url)
    return Place(
        store=own.store,
        collection=collection_at(own.places.store_url, within=within),
        ledgers=ledgers,
        outputs=tuple(each.places.outputs for each in (own, *others)),
        scratch=own.places.scratch,
        owners=own.places.owners,
    )


def _is_alone(workspace: "Workspace[None]") -> bool:
    """Whether store and ledger are the project's own, in its own folder."""
    places = workspace.places
    return places.within(places.store_url) is not None and places.ledger == places.private / "ledger.sqlite"


COMMANDS = (gc,)

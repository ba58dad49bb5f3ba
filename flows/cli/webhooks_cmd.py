"""`tailframe webhooks`, `webhooks send`, `webhooks resend`, `webhooks test`: messages to the outside."""

import contextlib
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import AsJson, Project
from flows.cli.exits import ExitCode
from flows.cli.project_access import series_of
from flows.errors import UsageError
from flows.terminal.printing import say, say_json, tell

if TYPE_CHECKING:
    from flows.settings import Settings
    from render.ledger import Ledger
    from render.outgoing.webhook_sender import SendSummary

Wait = Annotated[bool, typer.Option("--wait", help="Go on sending what comes, until Ctrl-C.")]
Names = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="The messages, as `webhooks` lists them.")]
Dead = Annotated[bool, typer.Option("--dead", help="All that was given up.")]


def webhooks(*, project: Project, as_json: AsJson = False) -> None:
    """Show which messages were sent, which wait and which were given up, and what each endpoint answered last.

    Runs send them to the endpoints in TAILFRAME_WEBHOOK_URL; see docs/webhooks.md. Reads only.

    tailframe webhooks my-series
    """
    from flows.cli.webhooks_table import print_sends, sends_json
    from flows.run.tell_outside import endpoints_of
    from flows.run.workspace import workspace_of
    from flows.terminal.consoles import results
    from render.ledger import outgoing_queries

    series, workspace = series_of(project), workspace_of(project)
    names = [each.name for each in endpoints_of(workspace.settings)]
    with workspace.reading() as opened:
        ledger = opened.ledger
        sends = () if ledger is None else ledger.read(outgoing_queries.sends, series)
        answers = {} if ledger is None else ledger.read(outgoing_queries.last_answers, names)
    if as_json:
        say_json(sends_json(series, names, answers, sends))
    else:
        print_sends(results(), names, answers, sends)


def webhooks_send(*, project: Project, wait: Wait = False) -> int:
    """Send what is due now, of all series that share the ledger: for cron, where no run does it.

    Ends with 1 where an endpoint did not take something.

    tailframe webhooks send my-series
    tailframe webhooks send my-series --wait
    """
    from flows.run.workspace import workspace_of
    from flows.terminal.cancellation import run_in_order

    workspace = workspace_of(project)
    _endpoints(workspace.settings)
    with workspace.writing() as opened:
        if wait:
            tell("messages are sent as they come; Ctrl-C ends it")
            with contextlib.suppress(KeyboardInterrupt):
                run_in_order(_keep_sending(opened.ledger, workspace.settings))
            return ExitCode.DONE
        return _told(run_in_order(_send_all(opened.ledger, workspace.settings)))


def webhooks_resend(*, project: Project, names: Names = None, dead: Dead = False) -> int:
    """Send messages again, whether they were taken or given up: those that are named, or all that were given up.

    tailframe webhooks resend my-series --dead
    tailframe webhooks resend my-series msg_0f3c9a71e5b24d68a90c17fd2be86453
    """
    from flows.run.workspace import workspace_of
    from flows.terminal.cancellation import run_in_order
    from render.ledger import outgoing_sends

    if bool(names) == dead:
        raise UsageError("name messages, or say --dead for all that were given up", "`tailframe webhooks` lists them")
    series, workspace = series_of(project), workspace_of(project)
    endpoints = _endpoints(workspace.settings)
    with workspace.writing() as opened:
        if dead:
            count = opened.ledger.write(outgoing_sends.resend_dead, endpoints, series)
        else:
            count = opened.ledger.write(outgoing_sends.resend, endpoints, _known(opened.ledger, series, names or []))
        tell(f"{count} to send again")
        return _told(run_in_order(_send_all(opened.ledger, workspace.settings)))


def webhooks_test(*, project: Project) -> int:
    """Send a signed message that says nothing to each endpoint, once, and show what it answered.

    tailframe webhooks test my-series
    """
    from flows.run.workspace import workspace_of
    from flows.terminal.cancellation import run_in_order
    from render.ledger import outgoing_queries, outgoing_sends

    series, workspace = series_of(project), workspace_of(project)
    endpoints = _endpoints(workspace.settings)
    with workspace.writing() as opened:
        message = opened.ledger.write(outgoing_sends.write_test, endpoints, series)
        run_in_order(_send_all(opened.ledger, workspace.settings))
        found = [each for each in opened.ledger.read(outgoing_queries.sends, series) if each.message == message.id]
    taken = {each.endpoint for each in found if each.state == outgoing_queries.DELIVERED}
    for each in found:
        say(f"{each.endpoint} {'took it' if each.endpoint in taken else 'did not take it'}: {each.told}")
    return ExitCode.DONE if len(taken) == len(endpoints) else ExitCode.NOT_DONE


def _endpoints(settings: "Settings") -> list[str]:
    """The names of the endpoints. Raises UsageError where there is none."""
    from flows.run.tell_outside import endpoints_of

    names = [each.name for each in endpoints_of(settings)]
    if not names:
        raise UsageError("TAILFRAME_WEBHOOK_URL names no endpoint", "Set it, and TAILFRAME_WEBHOOK_SECRET beside it")
    return names


def _known(ledger: "Ledger", series: str, names: list[str]) -> list[str]:
    """Those names, each once. Raises UsageError where one is no message of the series."""
    from render.ledger import outgoing_queries

    known = ledger.read(outgoing_queries.message_ids, series, names)
    if missing := [name for name in names if name not in known]:
        raise UsageError(f"{series} has no message {missing[0]!r}", "`tailframe webhooks` lists them")
    return sorted(known)


async def _send_all(ledger: "Ledger", settings: "Settings") -> "SendSummary":
    """Send until nothing is due any more: what an endpoint did not take is due later."""
    from flows.run.tell_outside import sender_for

    async with sender_for(ledger, settings) as sender:
        every = found = await sender.send_due()
        while found.attempts:
            found = await sender.send_due()
            every += found
    return every


async def _keep_sending(ledger: "Ledger", settings: "Settings") -> None:
    import asyncio

    from flows.run.tell_outside import sender_for

    async with sender_for(ledger, settings) as sender:
        await sender.keep_sending(asyncio.Event())


def _told(summary: "SendSummary") -> int:
    parts = {"delivered": summary.delivered, "to be tried again": summary.put_off, "given up": summary.dead}
    tell(", ".join(f"{count} {what}" for what, count in parts.items() if count) or "nothing is due")
    return ExitCode.NOT_DONE if summary.put_off or summary.dead else ExitCode.DONE


COMMANDS = (webhooks, webhooks_send, webhooks_resend, webhooks_test)

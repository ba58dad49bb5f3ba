"""`tailframe review`: the review room, in a browser; or an episode as one page, for somebody elsewhere."""

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from flows.cli.arguments import MaybeEpisode, Port, Project, Shots
from flows.cli.project_access import person, series_of
from flows.errors import UsageError
from flows.terminal.printing import say, tell

if TYPE_CHECKING:
    from flows.review.room import Room

TOKEN = "TAILFRAME_REVIEW_TOKEN"  # noqa: S105  the name of a variable
EDITOR = "TAILFRAME_REVIEW_EDITOR"

Host = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen, for a proxy of yours.")]
PublicUrl = Annotated[
    str | None,
    typer.Option("--public-url", metavar="URL", help="What browsers call it, over that proxy's https: https://…"),
]
Open = Annotated[bool, typer.Option("--open", help="Open it in this machine's browser.")]


Export = Annotated[
    Path | None,
    typer.Option("--export", metavar="FILE", help="Write EPISODE as one page, .html, that needs no network."),
]
Takes = Annotated[
    str | None, typer.Option("--takes", metavar="good|circled|all", help="Of the page: which takes of each shot.")
]

WithoutNotes = Annotated[
    bool, typer.Option("--without-notes", help="Of the page: leave out what was noted before, of shots and takes.")
]


def review(
    *,
    project: Project,
    episode: MaybeEpisode = None,
    port: Port = 8792,
    host: Host = "127.0.0.1",
    public_url: PublicUrl = None,
    opened: Open = False,
    export: Export = None,
    takes: Takes = None,
    shots: Shots = None,
    without_notes: WithoutNotes = False,
) -> None:
    """Look at takes, cuts and money in a browser, and decide there. Ctrl-C ends it, and no run that was asked for.

    It listens on this machine alone, and a browser gets in by the link that
    is printed, once. For others it stands behind a proxy with https, and
    TAILFRAME_REVIEW_TOKEN is what they type.

    With --export, EPISODE is written as one page to send: clips, texts, and
    fields for notes. The reviewer saves these as a small file, which `notes
    import` brings home.

      tailframe review my-series
      tailframe review my-series --port 0 --open
      tailframe review my-series --public-url https://review.example.com
      tailframe review my-series e01 --export e01-review.html
    """
    if export is not None:
        from flows.cli.review_export import export_review

        if episode is None:
            raise UsageError("--export writes one episode: say which", "Write its id behind the project")
        export_review(project, episode, export, takes=takes or "good", shots=shots, with_notes=not without_notes)
        return
    if episode is not None or takes is not None or shots is not None or without_notes:
        raise UsageError(
            "EPISODE, --takes, --shots and --without-notes are of a page that is exported",
            "Add --export FILE, or leave them out",
        )
    _open_room(project, port, host, public_url, opened=opened)


def _open_room(project: Path, port: int, host: str, public_url: str | None, *, opened: bool) -> None:
    """Serve it until somebody ends it."""
    from flows.review.room_server import listen

    token = _token(host, public_url)
    series = series_of(project)
    listening = listen(host, port)
    with (
        contextlib.closing(listening.socket),
        contextlib.closing(_room(project, listening.port, public_url, token)) as room,
    ):
        link = room.gate.url if token else room.gate.link()
        say(link)
        tell(f"the review room of {series} is open; Ctrl-C ends it, and no run that was asked for in it")
        if opened:
            import webbrowser

            webbrowser.open(link)
        with contextlib.suppress(KeyboardInterrupt):
            listening.serve(room)
        running = [run for run in room.runs.all() if run.code is None]
    for run in running:
        tell(f"{run.title} goes on by itself; its log is {run.log}")
    tell("the review room is closed")


def _room(project: Path, port: int, public_url: str | None, token: str) -> "Room":
    from flows.review.gate import Gate
    from flows.review.room import Room
    from flows.run.workspace import workspace_of

    gate: Gate = Gate.at(port, public_url, token)
    return Room(
        workspace=workspace_of(project.absolute()),
        gate=gate,
        person=person(),
        named=str(project),
        editor=_editor(),
        tell=tell,
    )


def _token(host: str, public_url: str | None) -> str:
    """The operator's token, for a room that others reach. Raises UsageError where it would stand open."""
    from flows.review.gate import SHORTEST_TOKEN
    from storyboard.loopback import is_loopback_host

    if public_url is None:
        if is_loopback_host(host):
            return ""
        raise UsageError(
            f"--host {host} is not this machine alone, and over http anybody between could read and decide",
            "Put a proxy with https before it, and name that: --public-url https://…",
        )
    _refuse_unfit(public_url)
    token = os.environ.get(TOKEN, "")
    if len(token) < SHORTEST_TOKEN:
        raise UsageError(
            f"a room at {public_url} needs a token in {TOKEN}, of {SHORTEST_TOKEN} characters or more",
            f"Set it: export {TOKEN}=$(python3 -c 'import secrets; print(secrets.token_urlsafe(24))')",
        )
    return token


def _refuse_unfit(public_url: str) -> None:
    """Raises UsageError where browsers would not come to it over https, or not to its first page."""
    try:
        parts = urlsplit(public_url)
        fits = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise UsageError(
            f"--public-url {public_url[:100]} is no address of a site over https",
            "Write https://NAME or https://NAME:PORT; without it the room is for this machine alone",
        )


def _editor() -> str | None:
    """How a file is opened in the person's editor, such as `vscode://file/{path}:{line}`; None where they set none."""
    pattern = os.environ.get(EDITOR, "")
    scheme = pattern.partition(":")[0].lower()
    if not pattern:
        return None
    if not scheme.isalpha() or scheme in {"javascript", "data", "blob", "file", "vbscript"} or "{path}" not in pattern:
        raise UsageError(f"{EDITOR}={pattern!r} opens no editor", "Write such as vscode://file/{path}:{line}")
    return pattern


COMMANDS = (review,)

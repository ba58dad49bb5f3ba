"""The pages of an episode: its board, its shots, its cut."""

from starlette.requests import Request
from starlette.responses import Response

from flows.review.board_view import BoardView, board_view, filtered
from flows.review.cut_view import CutView, cut_view
from flows.review.episode_reading import EpisodeReading
from flows.review.room import Room
from flows.review.room_answers import Endpoint, shown
from flows.review.served_blobs import manifest_in
from flows.review.shot_view import ShotView, shot_view
from flows.run.take_details import details_of
from storyboard.shot_key import local_key

__all__ = ["EpisodePages"]


class EpisodePages:
    """Answers with pages. Each reads in a thread, and what it read is one moment's."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def endpoints(self) -> dict[str, Endpoint]:
        """Each page by its path."""
        return {
            "/e/{episode}": self.board,
            "/e/{episode}/cut": self.cut,
            "/e/{episode}/s/{scene}/{shot}": self.shot,
        }

    async def board(self, request: Request) -> Response:
        """An episode, scene by scene; filtered here where a browser does not do it itself."""
        view = await self._room.calls.in_thread(self._board, request.path_params["episode"], _was_decided(request))
        asked = request.query_params
        q, wanted, only = asked.get("q", "")[:200], set(asked.getlist("state")), set(asked.getlist("only"))
        scenes = filtered(view, q, wanted, only)
        values = {"view": view, "scenes": scenes, "q": q, "wanted": wanted, "only": only}
        told = {"mark": view.mark, "series_title": view.series_title}
        return await shown(self._room, request, "board.html", "board", {**values, **told})

    async def shot(self, request: Request) -> Response:
        """A shot and its takes."""
        parts = request.path_params
        key = local_key(parts["scene"], parts["shot"])
        view = await self._room.calls.in_thread(self._shot, parts["episode"], key, _was_decided(request))
        return await self._shown(request, "shot", view, view.series_title)

    async def cut(self, request: Request) -> Response:
        """The cut of an episode."""
        frame = request.query_params.get("frame", "")
        at = int(frame) if frame.isascii() and frame.isdigit() and len(frame) < 10 else 0
        view = await self._room.calls.in_thread(self._cut, request.path_params["episode"], at)
        preview = request.query_params.get("show") == "preview"
        return await self._shown(request, "cut", view, view.series_title, preview_asked=preview)

    async def _shown(self, request: Request, page: str, view: ShotView | CutView, title: str, **more: bool) -> Response:
        told = {"view": view, "mark": view.mark, "series_title": title, **more}
        return await shown(self._room, request, f"{page}.html", page, told)

    def _reading(self, episode: str, decided: bool) -> EpisodeReading:
        """Who has just decided sees what came of it; others need not wait for that."""
        readings = self._room.readings
        return readings.episode(episode) if decided else readings.recent(episode)

    def _board(self, episode: str, decided: bool) -> BoardView:
        reading = self._reading(episode, decided)
        show = self._room.approvals.view
        return board_view(reading, [show(reading.read.episode, each) for each in reading.status.approvals])

    def _shot(self, episode: str, key: str, decided: bool) -> ShotView:
        room, reading = self._room, self._reading(episode, decided)
        ledger, workspace = room.ledger.reader(), room.workspace
        output = workspace.places.output(episode)
        name = reading.name_of(key)
        series = reading.read.episode.series
        details = () if ledger is None else details_of(ledger, workspace.store, output, series, name)
        return shot_view(reading, key, details, has_media=room.served.has, editor=room.editor)

    def _cut(self, episode: str, at: int) -> CutView:
        reading, output = self._reading(episode, decided=False), self._room.workspace.places.output(episode)
        master, preview = manifest_in(output), manifest_in(output / "preview")
        return cut_view(reading, master, preview, at=at, has_media=self._room.served.has)


def _was_decided(request: Request) -> bool:
    """Whether this page is what a deed leads to."""
    return "done" in request.query_params

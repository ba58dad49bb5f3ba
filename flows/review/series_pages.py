"""The pages of a series: its episodes, its money, the files of its storyboard, and runs that were asked for."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.review.asked_runs import end_of
from flows.review.money_view import MoneyView, money_view
from flows.review.room import Room
from flows.review.room_answers import Endpoint, shown
from flows.review.series_view import SeriesView, broken_line, series_view
from flows.review.source_lines import Excerpt, whole_file
from render.ledger import queries
from render.ledger.spending import spent
from storyboard.errors import InvalidProject, NoSuchName
from storyboard.text.suggestions import suggestion

__all__ = ["SeriesPages"]


class SeriesPages:
    """Answers with pages. Each reads in a thread, and what it read is one moment's."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def endpoints(self) -> dict[str, Endpoint]:
        """Each page by its path."""
        return {
            "/": self.series,
            "/money": self.money,
            "/source/{file:path}": self.source,
            "/runs/{number:int}": self.run,
        }

    async def series(self, request: Request) -> Response:
        """The episodes, their money, and what waits for whom."""
        if "token" in request.query_params:  # who is in already followed a link again
            return RedirectResponse("/", 303)
        view = await self._room.calls.in_thread(self._series)
        told = {"view": view, "mark": view.mark, "series_title": view.title}
        return await shown(self._room, request, "series.html", "series", told)

    async def money(self, request: Request) -> Response:
        """What is spent and reserved."""
        view = await self._room.calls.in_thread(self._money)
        told = {"view": view, "mark": view.mark, "series_title": view.series_title}
        return await shown(self._room, request, "money.html", "money", told)

    async def source(self, request: Request) -> Response:
        """A YAML file of the project."""
        line = request.query_params.get("line", "1")
        at = int(line) if line.isascii() and line.isdigit() and len(line) < 10 else 1
        view = await self._room.calls.in_thread(self._source, request.path_params["file"], at)
        return await shown(self._room, request, "source.html", "source", {"view": view})

    async def run(self, request: Request) -> Response:
        """A run that was asked for here, and the end of its log."""
        run = self._room.runs.run(request.path_params["number"])
        if run is None:
            raise NoSuchName("run", str(request.path_params["number"]), [], "")
        lines = await self._room.calls.in_thread(end_of, run.log)
        return await shown(self._room, request, "run.html", "run", {"view": run, "lines": lines})

    def _series(self) -> SeriesView:
        room, project = self._room, self._room.readings.project()
        readings, broken = [], []
        for episode in sorted(project.episodes):
            try:
                readings.append(room.readings.recent(episode))
            except InvalidProject as error:
                broken.append(broken_line(episode, str(error)))
        return series_view(
            series=project.series.series,
            title=project.series.title,
            readings=readings,
            broken=broken,
            alarms=room.ledger.read(queries.alarms) or (),
            made=room.ledger.reader() is not None,
            mark=room.readings.mark(),
        )

    def _money(self) -> MoneyView:
        room, written = self._room, self._room.readings.project().series
        return money_view(
            series_title=written.title,
            budgets=room.ledger.read(queries.budgets, written.series) or (),
            spent=room.ledger.read(spent, written.series) or (),
            alarms=room.ledger.read(queries.alarms) or (),
            mark=room.readings.mark(),
        )

    def _source(self, file: str, line: int) -> Excerpt:
        project = self._room.readings.project()
        if file not in project.sheets:
            raise NoSuchName("file", file, sorted(project.sheets), suggestion(file, sorted(project.sheets)))
        return whole_file(project, file, line, self._room.editor)

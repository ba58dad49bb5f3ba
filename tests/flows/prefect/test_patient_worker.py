"""A worker whose server is away for long keeps its runs."""

import httpx
import pytest

from flows.prefect.orderly_worker import while_server_is_away

ASKED = httpx.Request("POST", "http://127.0.0.1:4200/api/work_pools/studio/get_scheduled_flow_runs")


def answered(status: int) -> httpx.HTTPStatusError:
    """What Prefect's client raises for such an answer."""
    return httpx.HTTPStatusError("no", request=ASKED, response=httpx.Response(status, request=ASKED))


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), answered(500), answered(503)]
)
def test_a_server_that_is_away_is_asked_again(error: Exception) -> None:
    """However long it takes: Prefect's own worker would give up, and kill its runs."""
    with while_server_is_away():
        raise error


@pytest.mark.parametrize("error", [answered(401), answered(404), RuntimeError("broken")])
def test_what_is_wrong_with_the_question_ends_it(error: Exception) -> None:
    """A pool that is gone does not come back."""
    with pytest.raises(type(error)), while_server_is_away():
        raise error

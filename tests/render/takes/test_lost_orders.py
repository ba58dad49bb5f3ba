"""Which of a vendor's jobs is certainly a lost order's, by what its list tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.ledger import TakeId
from render.providers import ListedJob
from render.takes.reconcile import LostOrder, match

NOW = datetime(2026, 10, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def lost(take: str, seed: int | None = None, *, own: bool = True) -> LostOrder:
    """An order of a minute ago; all of them say the same."""
    return LostOrder(
        take=TakeId(take),
        model="acme-1",
        prompt="waves",
        earliest=NOW - MINUTE,
        latest=NOW + MINUTE,
        seed=seed,
        own_seed=own and seed is not None,
    )


def job(name: str, seed: int | None = None) -> ListedJob:
    """A job of now that fits any of them, but for its seed."""
    return ListedJob(id=name, model="acme-1", created_at=NOW, seed=seed)


ONE, TWO, EARLIER = lost("one", 1), lost("two", 2), lost("earlier")


def test_each_order_finds_the_job_that_tells_its_seed() -> None:
    """Where nothing else tells them apart."""
    jobs = [job("b", 2), job("a", 1), job("c", 99)]
    assert match(ONE, [ONE, TWO], jobs, ()) == "a"
    assert match(TWO, [ONE, TWO], jobs, ()) == "b"


def test_a_job_that_tells_another_seed_is_not_ours() -> None:
    """Though it is the only one, and fits in all else."""
    assert match(ONE, [ONE], [job("c", 99)], ()) is None
    assert match(lost("written", 7, own=False), [], [job("c", 99)], ()) is None


def test_a_seed_says_nothing_of_another_time_or_model() -> None:
    """Nor does it take a job from the take that has it."""
    old = replace(job("a", 1), created_at=NOW - 2 * MINUTE)
    assert match(ONE, [ONE], [old, replace(job("b", 1), model="acme-2")], ()) is None
    assert match(ONE, [ONE], [job("a", 1)], {"a"}) is None


def test_two_jobs_of_one_seed_are_not_guessed_at() -> None:
    """Two copies of a project may have ordered the same."""
    assert match(ONE, [ONE], [job("a", 1), job("b", 1)], ()) is None
    assert match(ONE, [ONE, lost("copy", 1)], [job("a", 1)], ()) is None


def test_a_list_without_seeds_is_read_as_before() -> None:
    """One job, one order; else nobody knows."""
    assert match(ONE, [ONE], [job("a")], ()) == "a"
    assert match(ONE, [ONE], [job("a"), job("b")], ()) is None
    assert match(ONE, [ONE, TWO], [job("a")], ()) is None


def test_an_order_of_an_earlier_version_is_found_beside_others() -> None:
    """It was sent without a seed: any that is told fits it, but those that were made for another order."""
    assert match(EARLIER, [EARLIER], [job("z", 4711)], ()) == "z"
    jobs = [job("a", 1), job("z", 4711)]
    assert match(EARLIER, [EARLIER, ONE], jobs, ()) == "z"
    assert match(ONE, [EARLIER, ONE], jobs, ()) == "a"
    assert match(EARLIER, [EARLIER, ONE], [job("a", 1)], ()) is None


@pytest.mark.parametrize("seed", [None, 7])
def test_a_producers_seed_may_be_anybodys(seed: int | None) -> None:
    """All takes of a series may share it, so it only rules out."""
    first, second = lost("first", 7, own=False), lost("second", 7, own=False)
    assert match(first, [first, second], [job("a", seed), job("b", seed)], ()) is None
    assert match(first, [first], [job("a", seed), job("b", 8)], ()) == "a"


SEEDS = st.one_of(st.none(), st.integers(1, 3))


@given(st.lists(SEEDS, min_size=1, max_size=4), st.lists(SEEDS, max_size=5), st.booleans())
def test_no_job_is_ever_given_to_two_orders(orders: list[int | None], told: list[int | None], own: bool) -> None:
    """However many look alike."""
    every = [lost(f"take-{at}", seed, own=own) for at, seed in enumerate(orders)]
    jobs = [job(f"job-{at}", seed) for at, seed in enumerate(told)]
    found = [name for each in every if (name := match(each, every, jobs, ())) is not None]
    assert len(found) == len(set(found))

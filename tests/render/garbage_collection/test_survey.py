"""What becomes of each blob, whatever the ledger names and wants."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from render.garbage_collection.recipe_kinds import KINDS, kind_of
from render.garbage_collection.survey import Facts, Fate, Rules, survey
from render.ledger.blob_queries import RecipeRow
from render.store.blob_ages import StoredBlob
from tests.thinning import examples

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = [hashlib.sha256(bytes([number])).hexdigest() for number in range(8)]
KEYS = [*(f"{kind}:1:{number}" for kind in KINDS for number in range(2)), "nobody-knows:1", "2:odd"]

ages = st.integers(0, 100 * 24).map(lambda hours: timedelta(hours=hours))
blobs = st.lists(st.builds(StoredBlob, st.sampled_from(NAMES), st.integers(0, 9), ages.map(lambda age: NOW - age)))
rows = st.builds(RecipeRow, st.sampled_from(KEYS), st.sampled_from(NAMES), ages.map(lambda age: NOW - age))
some = st.frozensets(st.sampled_from(NAMES))
moments = st.none() | ages.map(lambda age: NOW - age)
facts = st.builds(
    Facts,
    now=st.just(NOW),
    ledger_now=st.just(NOW),
    blobs=blobs.map(lambda found: tuple({blob.sha256: blob for blob in found}.values())),
    named=some,
    recipes=st.lists(rows, unique_by=lambda row: row.key).map(tuple),
    told=st.dictionaries(st.sampled_from(NAMES), some),
    open_since=moments,
    marked_since=moments,
)
rules = st.builds(Rules, older_than=ages, unused_for_days=st.integers(1, 90), alone=st.booleans())


@given(facts, rules)
@settings(max_examples=examples(400), deadline=None)
def test_what_goes_is_named_by_nothing_wanted_by_nothing_old_and_ours(facts: Facts, rules: Rules) -> None:
    """For each blob that goes, every reason to keep one is missing; and each blob has exactly one fate."""
    found = survey(facts, rules)
    assert found.fates.keys() == {blob.sha256 for blob in facts.blobs}
    put = {blob.sha256: blob.at for blob in facts.blobs}
    needed = [row for row in facts.recipes if kind_of(row.key).needs_blob]
    gave = {row.key: {row.sha256, *facts.told.get(row.sha256, ())} for row in needed}
    for name in found.of(Fate.UNREFERENCED):
        assert name not in facts.named
        assert all(name not in each for each in gave.values()), "a recipe gives it, and stands"
        assert NOW - put[name] >= max(DAY, rules.older_than)
        assert facts.open_since is None or put[name] < facts.open_since
        assert rules.alone or (facts.marked_since is not None and put[name] >= facts.marked_since)


@given(facts, rules)
@settings(max_examples=examples(400), deadline=None)
def test_a_recipe_is_forgotten_only_where_it_can_be_made_again_and_frees_something(facts: Facts, rules: Rules) -> None:
    """Unwanted for as long as was asked, of a kind that is known; and no recipe that stays loses its blob by it."""
    found = survey(facts, rules)
    by_key = {row.key: row for row in facts.recipes}
    for key in found.unwanted:
        assert kind_of(key).remade
        assert NOW - by_key[key].wanted_at > timedelta(days=rules.unused_for_days)
        assert any(found.fates.get(blob) is Fate.UNWANTED for blob in found.unwanted[key])
    for name in found.of(Fate.UNWANTED):
        stay = [row for row in facts.recipes if row.key not in found.unwanted and kind_of(row.key).needs_blob]
        assert all(name not in {row.sha256, *facts.told.get(row.sha256, ())} for row in stay)


def test_what_a_link_held_and_what_nobody_knows_stay_for_ever() -> None:
    """Shots were paid for with the one; what the other is, an earlier Tailframe cannot tell."""
    blobs_ = tuple(StoredBlob(name, 1, NOW - 900 * DAY) for name in NAMES[:3])
    old = NOW - 800 * DAY
    recipes = (RecipeRow("link:x", NAMES[0], old), RecipeRow("hologram-9:x", NAMES[1], old))
    told = {NAMES[1]: frozenset({NAMES[2]})}
    facts_ = Facts(now=NOW, ledger_now=NOW, blobs=blobs_, named=frozenset(), recipes=recipes, told=told)
    assert set(survey(facts_, Rules(alone=True)).fates.values()) == {Fate.WANTED}

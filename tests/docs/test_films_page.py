"""The table of films names tests that there are, and a row for each kind that is tried."""

from __future__ import annotations

import ast

import pytest

from tests.docs.pages import ROOT
from tests.films_table import films_table


@pytest.mark.parametrize("proof", sorted({row.proof for row in films_table()}))
def test_every_proof_is_a_test(proof: str) -> None:
    """A page that names a test which is gone promises what nobody looks at."""
    file, _, name = proof.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}

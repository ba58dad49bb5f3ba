"""Nothing is paid for unless somebody agreed: at the terminal, or beforehand with --yes or a budget."""

from decimal import Decimal
from pathlib import Path

import pytest

from flows.cli.consent import Consent, agree
from flows.errors import UsageError
from flows.run.options import RunOptions
from tests.flows.cli.in_process import tailframe
from tests.flows.runs import ROOT, tiny_project


@pytest.fixture
def paid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose shots cost money; the vendor is never asked."""
    monkeypatch.syspath_prepend(str(ROOT / "tests/acme/site"))
    monkeypatch.setenv("ACME_BASE_URL", "http://127.0.0.1:9")
    for name in ("TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tiny_project(tmp_path, provider="acme")


def asked(
    project: Path, *, yes: bool = False, budget_usd: Decimal | None = None, provider: str | None = None
) -> Consent | None:
    return agree(project, RunOptions(episode="e01", provider=provider, budget_usd=budget_usd), yes=yes)


def test_without_a_terminal_paid_work_is_refused_with_its_price(paid: Path) -> None:
    """A script that forgot to agree learns the price and both ways to agree."""
    with pytest.raises(UsageError, match=r"up to \$\d+\.\d\d, and there is no terminal .* --yes, .* --budget USD"):
        asked(paid)


def test_what_fits_is_all_that_is_asked_for(paid: Path) -> None:
    """With --until-budget the price is that of the shots under the caps: two of four at 40 cents under a dollar."""
    capped = tiny_project(paid.parent / "capped", provider="acme", budget={"series": 1})
    with pytest.raises(UsageError, match=r"up to \$0\.80, and there is no terminal"):
        agree(capped, RunOptions(episode="e01", until_budget=True), yes=False)


def test_yes_is_consent(paid: Path) -> None:
    """`--yes` asks no more and caps nothing; what was planned is what is made."""
    agreed = asked(paid, yes=True)
    assert agreed is not None
    assert agreed == Consent(snapshot=agreed.snapshot)


def test_a_budget_is_consent(paid: Path) -> None:
    """Whoever names the most that may be spent has agreed to spend it."""
    agreed = asked(paid, budget_usd=Decimal(100))
    assert agreed is not None
    assert agreed == Consent(snapshot=agreed.snapshot)


def test_free_work_needs_no_consent(paid: Path) -> None:
    """The animatic costs nothing, so nobody is asked, and what nobody was asked about may not come to cost money."""
    agreed = asked(paid, provider="animatic")
    assert agreed is not None
    assert agreed.snapshot
    assert (agreed.usd, agreed.unpriced) == (0, frozenset())


@pytest.mark.parametrize("budget", ["1e30", "-1", "NaN", "Infinity", "1000000000.01"])
def test_a_budget_that_nobody_can_mean_is_wrong_input(paid: Path, budget: str) -> None:
    """It is no cap to hold, and is said to be none before anything is planned."""
    told = tailframe("plan", paid, "e01", f"--budget={budget}")
    assert told.exit_code == 2
    assert "is not an amount of US dollars" in " ".join(told.output.replace("│", " ").split())

"""Who is paid, in one readable form, however a vendor's address is spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.accounts import account_of, account_variable, is_account_name, is_stand_in, name_of, vendor_of
from storyboard.loopback import is_loopback_url

REAL = (
    "https://kinovi.ai/api/v1",
    "https://www.kinovi.ai",
    "https://kinovi.ai./api",
    "https://KINOVI.ai:8443",
    "https://203.0.113.7",
    "https://localhost.kinovi.ai",
    "animatic://local",
    "",
    "https://[not an address",
)
HERE = (
    "http://127.0.0.1:8791",
    "http://localhost",
    "http://LOCALHOST:1/kinovi",
    "http://localhost.:8791",
    "http://127.1.2.3",
    "http://[::1]:8791/api",
    "http://[::ffff:127.0.0.1]",
    "https://localhost",
)
PROVIDERS = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
NAMES = st.one_of(st.just(""), st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,38}[A-Za-z0-9])?", fullmatch=True))


@pytest.mark.parametrize("address", REAL)
def test_every_spelling_of_the_real_vendor_is_one_account(address: str) -> None:
    """`www.`, a trailing dot, capitals and ports say nothing of who is paid."""
    assert account_of("kinovi", address) == "kinovi"


@pytest.mark.parametrize("address", HERE)
def test_every_spelling_of_this_machine_is_a_stand_in(address: str) -> None:
    """So that what was made at a sandbox never passes for the real thing, however the sandbox was named."""
    assert account_of("kinovi", address) == "kinovi@stand-in"


@given(PROVIDERS, NAMES, st.sampled_from((*REAL, *HERE)))
def test_an_account_tells_its_parts(provider: str, name: str, address: str) -> None:
    """What it was made of can be read from it, and the name changes neither vendor nor whether it is real."""
    account = account_of(provider, address, name)
    assert (is_stand_in(account), name_of(account)) == (is_loopback_url(address), name)
    assert vendor_of(account) == account_of(provider, address)
    assert vendor_of(vendor_of(account)) == vendor_of(account)


@given(PROVIDERS, NAMES, NAMES)
def test_other_parts_make_another_account(provider: str, one: str, other: str) -> None:
    """Two accounts are the same only where vendor, name and reality are."""
    assert (account_of(provider, REAL[0], one) == account_of(provider, REAL[1], other)) is (one == other)
    assert account_of(provider, REAL[0], one) != account_of(provider, HERE[0], other)


@pytest.mark.parametrize("name", ["", "-a", "a-", "a b", "a:b", "a@stand-in", "é", "a" * 41, "a\n", "../x"])
def test_a_name_that_could_be_misread_is_none(name: str) -> None:
    """No separators, no blanks, nothing that a terminal or a file would take otherwise."""
    assert not is_account_name(name)
    if name:
        with pytest.raises(ValueError, match="no name of an account"):
            account_of("kinovi", REAL[0], name)


@pytest.mark.parametrize(
    ("provider", "variable"), [("kinovi", "KINOVI_ACCOUNT"), ("acme-video", "ACME_VIDEO_ACCOUNT"), ("x2", "X2_ACCOUNT")]
)
def test_the_variable_follows_the_vendors_name(provider: str, variable: str) -> None:
    """Those that other distributions bring have one too."""
    assert account_variable(provider) == variable

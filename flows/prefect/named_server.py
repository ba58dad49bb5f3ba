"""The Prefect server that PREFECT_API_URL names: whether it is one, before a run stands on it.

Whatever else listens there (a web page, another port, a proxy without its server) is told in one sentence, and nothing
was planned or claimed by then.
"""

import base64
import contextlib
import importlib.metadata
import io
import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.errors import ServerError, SettingsError
from render.net.system_proxies import CERTIFICATES, unusable_certificates, unusable_proxy
from storyboard.text.printable import printable

if TYPE_CHECKING:
    import httpx
    from prefect.settings import Settings

__all__ = ["as_its_client", "authorization", "is_cloud", "prefect_settings", "require_prefect"]

VARIABLE = "PREFECT_API_URL"
INSTEAD = f"or unset {VARIABLE} to run with an embedded one"
_VERSION = re.compile(r'"?(\d+)\.\d+[\w.+-]*"?')


def require_prefect(url: str) -> None:
    """See that a Prefect of our major version answers there. To be called once the environment is what Prefect reads.

    Raises SettingsError where something else answers or no answer can be had at such an address, ServerError where
    nothing answers now, or not to us.
    """
    if not _is_address(url):
        told = "is no address of a server, such as http://127.0.0.1:4200/api"
        raise SettingsError({VARIABLE: told}, f"Mend it, {INSTEAD}")
    prefect_settings()
    _refuse_way(url)
    answer = _asked(url)
    if answer.status_code in {401, 403}:
        raise ServerError(
            f"the server at {VARIABLE} does not let this run in ({answer.status_code})",
            f"Set PREFECT_API_KEY or PREFECT_API_AUTH_STRING, {INSTEAD}",
        )
    if answer.is_server_error:
        raise ServerError(f"the Prefect server at {VARIABLE} answers {answer.status_code}", f"Start it, {INSTEAD}")
    if is_cloud(url):
        return  # always of a version that fits, as Prefect's own client has it
    theirs = _VERSION.fullmatch(answer.text.strip()) if answer.is_success else None
    if theirs is None:
        told = f"answers {answer.status_code}, and not as a Prefect server does"
        raise SettingsError({VARIABLE: f"what it names {told}"}, f"Check it (it ends in /api), {INSTEAD}")
    ours = importlib.metadata.version("prefect").partition(".")[0]
    if theirs[1] != ours:
        told = f"it names Prefect {theirs[0].strip(chr(34))}, and this is Prefect {ours}"
        raise SettingsError({VARIABLE: told}, f"Bring them to one version, {INSTEAD}")


def prefect_settings() -> "Settings":
    """What Prefect reads of its variables, its profile and its files. Raises SettingsError where it cannot be read."""
    try:
        with contextlib.redirect_stderr(io.StringIO()):  # it prints at its import what is told here
            from prefect.settings import get_current_settings

            return get_current_settings()
    except ValueError as error:  # pydantic's, that of TOML, that of letters
        variable, why = _unreadable(error)
        remedy = "Correct it, or what Prefect reads beside it: its profile, prefect.toml, pyproject.toml, .env"
        raise SettingsError({variable: f"Prefect cannot read its settings: {why}"}, remedy) from error


def _unreadable(error: ValueError) -> tuple[str, str]:
    """The variable that holds what cannot be read, as far as that can be told, and why it cannot."""
    lines = [line.strip() for line in printable(str(error), lines=True).splitlines()]
    if len(lines) < 3:  # pydantic's have a heading, a field and its mistake
        return "PREFECT_*", lines[0] if lines else type(error).__name__
    named = [name for name in os.environ if name.startswith("PREFECT_") and name.endswith(lines[1].upper())]
    return named[0] if named else "PREFECT_*", lines[2].partition(" [")[0]


def _refuse_way(url: str) -> None:
    """Raises SettingsError where the environment names proxies or certificates that are none, as Prefect would."""
    wrong = unusable_proxy(url, ["http", "https", "all"]) or unusable_certificates(os.environ, CERTIFICATES)
    wrong = wrong or unusable_certificates(os.environ, ["PREFECT_API_SSL_CERT_FILE"])
    if wrong is not None:
        raise SettingsError({wrong.variable: wrong.problem}, wrong.remedy)


def authorization(*, key: str = "", auth_string: str = "") -> Mapping[str, str]:
    """How Prefect's clients name themselves: to its cloud by a key, to a server of one's own by `NAME:PASSWORD`."""
    if key:
        return {"Authorization": f"Bearer {key}"}
    if auth_string:
        return {"Authorization": f"Basic {base64.b64encode(auth_string.encode()).decode()}"}
    return {}


def as_its_client(url: str) -> "httpx.Client":
    """A client of its API that is let in as Prefect's own would be: its profile counts too. Whoever asked closes it."""
    import httpx

    settings = prefect_settings()
    key, auth_string = settings.api.key, settings.api.auth_string
    named = authorization(
        key="" if key is None else key.get_secret_value(),
        auth_string="" if auth_string is None else auth_string.get_secret_value(),
    )
    return httpx.Client(
        base_url=url.rstrip("/"),
        headers={**settings.client.custom_headers, **named},
        verify=not settings.api.tls_insecure_skip_verify,
        timeout=15,
    )


def _asked(url: str) -> "httpx.Response":
    """The answer to a question that costs nothing."""
    import httpx

    try:
        with as_its_client(url) as client:
            return client.get("/admin/version")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise ServerError(
            f"the Prefect server at {VARIABLE} does not answer ({error or type(error).__name__})",
            f"Start it, {INSTEAD}",
        ) from error


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def is_cloud(url: str) -> bool:
    """Whether this is Prefect's own, which is not a server of somebody's."""
    return url.startswith(prefect_settings().cloud.api_url)

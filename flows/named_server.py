"""The Prefect server that PREFECT_API_URL names: whether it is one, before a run stands on it.

Whatever else listens there (a web page, another port, a proxy without its server) is told in one sentence, and nothing
was planned or claimed by then.
"""

import base64
import importlib.metadata
import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.settings import SettingsError
from render.inherited import CERTIFICATES, unusable_certificates, unusable_proxy

if TYPE_CHECKING:
    import httpx

__all__ = ["ServerError", "authorization", "is_cloud", "require_prefect"]

VARIABLE = "PREFECT_API_URL"
INSTEAD = f"or unset {VARIABLE} to run with an embedded one"
_VERSION = re.compile(r'"?(\d+)\.\d+[\w.+-]*"?')


class ServerError(Exception):
    """No Prefect API to run on. The text says why and what to do."""


def require_prefect(url: str) -> None:
    """See that a Prefect of our major version answers there. To be called once the environment is what Prefect reads.

    Raises SettingsError where something else answers or no answer can be had at such an address, ServerError where
    nothing answers now, or not to us.
    """
    if not _is_address(url):
        told = "is no address of a server, such as http://127.0.0.1:4200/api"
        raise SettingsError({VARIABLE: f"{told}. Mend it, {INSTEAD}"})
    _refuse_way(url)
    answer = _asked(url)
    if answer.status_code in {401, 403}:
        raise ServerError(
            f"the server at {VARIABLE} does not let this run in ({answer.status_code}). Set PREFECT_API_KEY or "
            f"PREFECT_API_AUTH_STRING, {INSTEAD}"
        )
    if answer.is_server_error:
        raise ServerError(f"the Prefect server at {VARIABLE} answers {answer.status_code}. Start it, {INSTEAD}")
    if is_cloud(url):
        return  # always of a version that fits, as Prefect's own client has it
    theirs = _VERSION.fullmatch(answer.text.strip()) if answer.is_success else None
    if theirs is None:
        told = f"answers {answer.status_code}, and not as a Prefect server does"
        raise SettingsError({VARIABLE: f"what it names {told}. Check it (it ends in /api), {INSTEAD}"})
    ours = importlib.metadata.version("prefect").partition(".")[0]
    if theirs[1] != ours:
        told = f"it names Prefect {theirs[0].strip(chr(34))}, and this is Prefect {ours}"
        raise SettingsError({VARIABLE: f"{told}. Bring them to one version, {INSTEAD}"})


def _refuse_way(url: str) -> None:
    """SettingsError where the environment names proxies or certificates that are none: Prefect would raise at them."""
    wrong = unusable_proxy(url, ["http", "https", "all"]) or unusable_certificates(os.environ, CERTIFICATES)
    wrong = wrong or unusable_certificates(os.environ, ["PREFECT_API_SSL_CERT_FILE"])
    if wrong is not None:
        raise SettingsError(dict([wrong]))


def authorization(*, key: str = "", auth_string: str = "") -> Mapping[str, str]:
    """How Prefect's clients name themselves: to its cloud by a key, to a server of one's own by `NAME:PASSWORD`."""
    if key:
        return {"Authorization": f"Bearer {key}"}
    if auth_string:
        return {"Authorization": f"Basic {base64.b64encode(auth_string.encode()).decode()}"}
    return {}


def _asked(url: str) -> "httpx.Response":
    """The answer to a question that costs nothing, asked as Prefect's own client would: its profile counts too."""
    import httpx
    from prefect.settings import get_current_settings

    settings = get_current_settings()
    key, auth_string = settings.api.key, settings.api.auth_string
    named = authorization(
        key="" if key is None else key.get_secret_value(),
        auth_string="" if auth_string is None else auth_string.get_secret_value(),
    )
    try:
        return httpx.get(
            f"{url.rstrip('/')}/admin/version",
            headers={**settings.client.custom_headers, **named},
            verify=not settings.api.tls_insecure_skip_verify,
            timeout=15,
        )
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise ServerError(
            f"the Prefect server at {VARIABLE} does not answer ({error or type(error).__name__}). Start it, {INSTEAD}"
        ) from error


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def is_cloud(url: str) -> bool:
    """Whether this is Prefect's own, which is not a server of somebody's."""
    from prefect.settings import get_current_settings

    return url.startswith(get_current_settings().cloud.api_url)

"""Who may enter the room, and which requests come from its own pages: tokens, sessions, hosts, origins. Pure.

Every secret lives in this process and ends with it. A link's token opens once: it stands in a browser's history
afterwards. The operator's own, for a room behind a proxy, opens as often as people come.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

__all__ = ["Gate", "Session", "own_path"]

SHORTEST_TOKEN = 24
"""Characters of an operator's token; shorter ones might be guessed."""

LONGEST_NAME = 80
"""Characters of a person's name."""

_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that was let in."""

    id: str
    person: str  # who sits before it; empty where they gave no name


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Decides about requests by their headers alone. `url` is what people's browsers call the room by."""

    url: str  # http://127.0.0.1:8792, or https://review.example.com
    hosts: frozenset[str]  # what a Host header may say
    lasting_token: str = field(default="", repr=False)  # the operator's own
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _links: list[str] = field(default_factory=list, repr=False)  # tokens of links that nobody has used yet

    @classmethod
    def at(cls, port: int, public_url: str | None = None, token: str = "") -> "Gate":
        """The gate of a room on this machine, or of one behind a proxy at `public_url`."""
        if public_url is None:
            names = ("127.0.0.1", "localhost", "[::1]")
            return cls(url=f"http://127.0.0.1:{port}", hosts=frozenset(f"{name}:{port}" for name in names))
        host = urlsplit(public_url).netloc.lower()
        return cls(url=public_url.rstrip("/"), hosts=frozenset({host}), lasting_token=token)

    @property
    def secure(self) -> bool:
        """Whether browsers come over https."""
        return self.url.startswith("https://")

    @property
    def cookie(self) -> str:
        """What the session's cookie is called; browsers keep those of all ports of a machine together."""
        port = self.url.rpartition(":")[2]
        return "__Host-tailframe" if self.secure else f"tailframe-{port}"

    def link(self) -> str:
        """A link that lets one browser in, once."""
        token = secrets.token_urlsafe(24)
        self._links.append(token)
        return f"{self.url}/?token={token}"

    def lets_in(self, token: str) -> Session | None:
        """A new session where the token is right. A link's opens no second time."""
        given = token.encode()
        if self.lasting_token and hmac.compare_digest(given, self.lasting_token.encode()):
            return Session(secrets.token_urlsafe(18), "")
        for known in list(self._links):
            if hmac.compare_digest(given, known.encode()):
                self._links.remove(known)
                return Session(secrets.token_urlsafe(18), "")
        return None

    def host_is_ours(self, host: str) -> bool:
        """Whether a request was meant for this room: a name that somebody else points here is not ours."""
        return host.lower() in self.hosts

    def comes_from_here(self, method: str, headers: Mapping[str, str]) -> bool:
        """Whether a request that may change something was made by one of our own pages.

        Browsers leave the origin of plain forms out (`null`) where pages send no referrer; they say `same-origin` then.
        """
        if method not in _UNSAFE:
            return True
        origin, site = headers.get("origin", ""), headers.get("sec-fetch-site", "")
        named = origin not in {"", "null"}
        if named and not self._is_own(origin):
            return False
        return site == "same-origin" if site else named

    def session(self, cookies: Mapping[str, str]) -> Session | None:
        """Whose request it is; None for who was not let in, or brings what we did not write."""
        value = self.read("session", cookies.get(self.cookie, ""))
        if value is None:
            return None
        name, _, person = value.partition(" ")
        return Session(name, person)

    def session_cookie(self, session: Session) -> str:
        """What the browser is to send along from now on."""
        value = self.signed("session", f"{session.id} {session.person}")
        flags = "; Secure" if self.secure else ""
        return f"{self.cookie}={value}; Path=/; HttpOnly; SameSite=Strict{flags}"

    def form_token(self, session: Session) -> str:
        """What every form of this session carries."""
        return self._mac("form", session.id)

    def is_form_token(self, session: Session, token: str) -> bool:
        """Whether a form is of this very session."""
        return hmac.compare_digest(self.form_token(session).encode(), token.encode())

    def signed(self, use: str, text: str) -> str:
        """A text that only this room can have written, fit for a cookie or a form."""
        return f"{base64.urlsafe_b64encode(text.encode()).decode()}.{self._mac(use, text)}"

    def read(self, use: str, value: str) -> str | None:
        """The text that was signed for this use; None where it was not."""
        written, _, mac = value.partition(".")
        try:
            text = base64.urlsafe_b64decode(written.encode()).decode()
        except (ValueError, UnicodeError):
            return None
        return text if hmac.compare_digest(self._mac(use, text).encode(), mac.encode()) else None

    def _is_own(self, origin: str) -> bool:
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        scheme = "https" if self.secure else "http"
        return parts.scheme == scheme and parts.netloc.lower() in self.hosts

    def _mac(self, use: str, text: str) -> str:
        return hmac.new(self.key, f"{use}\0{text}".encode(), hashlib.sha256).hexdigest()


def own_path(path: str) -> str:
    """A path of this room's to go on to; its first page for whatever is none."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if plain else "/"

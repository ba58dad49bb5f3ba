"""The environment, read once and checked: keys, addresses, and where ledger, blobs and archives are.

Nothing here touches the disk or a network; a wrong value ends with a sentence that names its variable and never
shows its content, since keys and passwords travel in the same variables.
"""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    create_model,
)

from flows.errors import SettingsError
from render.net.proxy import read_proxy
from render.outgoing.webhook_endpoint import read_endpoints
from render.outgoing.webhook_signature import read_secrets
from render.providers.registry import hosted_vendors
from storyboard.loopback import is_loopback_host

__all__ = [
    "Places",
    "Settings",
    "debugging",
    "needs_shared_store",
    "on_this_machine",
    "places_of",
    "read_settings",
    "work_folder",
]

_MOST_GB = 1_000_000
PROJECTS = "projects"
"""Where within the work folder the projects lie that workers were told by their snapshots' names."""


def _checked_port(url: SplitResult) -> int | None:
    try:
        return url.port
    except ValueError as error:
        raise ValueError("its port is not a number from 0 to 65535") from error


def _base_url(value: str) -> str:
    """An API's address: https to anywhere, plain http only to this machine (a sandbox)."""
    try:
        url = urlsplit(value)
    except ValueError as error:
        raise ValueError("is not a URL; write one such as https://api.example.com") from error
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise ValueError("is not a URL; write one such as https://api.example.com")
    _checked_port(url)
    if url.username or url.password or url.query or url.fragment:
        raise ValueError("must hold no user, password, query or fragment; keys have variables of their own")
    if url.scheme == "http" and not is_loopback_host(url.hostname):
        raise ValueError("plain http is allowed to this machine only (127.0.0.1, localhost); write https://")
    return value.rstrip("/")


def _ledger_url(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return value


def _proxy(value: SecretStr) -> SecretStr:
    read_proxy(value.get_secret_value())
    return value


def _webhook_urls(value: SecretStr) -> SecretStr:
    read_endpoints(value.get_secret_value())
    return value


def _webhook_secrets(value: SecretStr) -> SecretStr:
    read_secrets(value.get_secret_value())
    return value


def _place(value: str) -> str:
    """A folder, or a place in an object store."""
    scheme, separator, rest = value.partition("://")
    if separator and scheme != "s3":
        raise ValueError("must be a folder, or s3://bucket/prefix")
    if separator and not rest.partition("/")[0]:
        raise ValueError("names no bucket; write s3://bucket/prefix")
    try:
        return value if separator else str(Path(value).expanduser().absolute())
    except RuntimeError as error:
        raise ValueError("begins with ~, and there is no such home here; write the whole path") from error


def _folder(value: str) -> str:
    """A folder of this machine."""
    if "://" in value:
        raise ValueError("must be a folder of this machine")
    return _place(value)


def _gigabytes(value: str) -> int:
    """So many gigabytes (of 1,000,000,000 bytes), in bytes."""
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError("must be a number of gigabytes, such as 20 or 0.5; 0 for no bound") from error
    if not (number.is_finite() and 0 <= number <= _MOST_GB):
        raise ValueError(f"must be from 0 to {_MOST_GB:,} gigabytes; 0 for no bound")
    return int(number * 1_000_000_000)


BaseUrl = Annotated[str, AfterValidator(_base_url)]
LedgerUrl = Annotated[SecretStr, AfterValidator(_ledger_url)]  # it may hold a password
ProxyUrl = Annotated[SecretStr, AfterValidator(_proxy)]  # so may it
WebhookUrls = Annotated[SecretStr, AfterValidator(_webhook_urls)]  # so may they
WebhookSecrets = Annotated[SecretStr, AfterValidator(_webhook_secrets)]
Place = Annotated[str, AfterValidator(_place)]
Folder = Annotated[Path, BeforeValidator(_folder)]
Gigabytes = Annotated[int, BeforeValidator(_gigabytes)]


def _vendor_settings() -> type[BaseModel]:
    """One field for each variable of a hosted vendor: keys, then addresses, then choices.

    They are here to be checked before anything begins; the vendors' own modules read them, and know what is usual
    where an address is None.
    """
    vendors = hosted_vendors()
    fields: dict[str, Any] = {vendor.key_variable: (SecretStr | None, None) for vendor in vendors}
    fields |= {variable: (BaseUrl | None, None) for vendor in vendors for variable in vendor.url_variables}
    for vendor in vendors:
        fields |= {name: (Literal[values], values[0]) for name, values in vendor.choices.items()}
    lower = {name.lower(): field for name, field in fields.items()}
    return create_model("VendorSettings", __base__=BaseModel, **lower)


if TYPE_CHECKING:  # fields that are made out of the registry have no names here
    VendorSettings = BaseModel
else:
    VendorSettings = _vendor_settings()


class Settings(VendorSettings):
    """Every variable that Tailframe itself reads. Empty counts as unset; AWS_* is boto3's to read."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    tailframe_ledger_url: LedgerUrl | None = None
    tailframe_store_url: Place | None = None
    tailframe_archive_url: Place | None = None
    tailframe_poll_interval: Annotated[float | None, Field(gt=0, le=3600, allow_inf_nan=False)] = None  # seconds
    tailframe_clip_patience: Annotated[float | None, Field(ge=0, le=3600, allow_inf_nan=False)] = None  # seconds
    tailframe_ffmpeg: Path | None = None
    tailframe_log: Literal["text", "json", "off"] | None = None  # None: text, and in a file alone
    tailframe_proxy: ProxyUrl | None = None
    tailframe_projects: Folder | None = None  # None: a flow's relative `project` begins where its process stands
    tailframe_work_dir: Folder | None = None  # None: below the user's cache; see `work_folder`
    tailframe_cache_gb: Gigabytes = 20_000_000_000  # in bytes; 0: unbounded
    tailframe_webhook_url: WebhookUrls | None = None
    tailframe_webhook_secret: WebhookSecrets | None = None


_SENTENCES = {
    "literal_error": "must be one of: {expected}",
    "float_parsing": "must be a number of seconds",
    "finite_number": "must be a number of seconds",
    "greater_than": "must be more than {gt:g} seconds",
    "greater_than_equal": "must be {ge:g} seconds at least",
    "less_than_equal": "must be {le:g} seconds at most",
}


def read_settings(*, without: Collection[str] = ()) -> Settings:
    """The settings of this process, as if the variables `without` were unset.

    Raises SettingsError, which names every variable that is wrong. Variables are known however their case is written.
    """
    found = {name.lower(): value for name, value in os.environ.items() if value and name.upper() not in without}
    try:
        settings = Settings.model_validate({name: found[name] for name in Settings.model_fields if name in found})
    except ValidationError as error:
        raise SettingsError(_problems(error)) from None
    unsigned = settings.tailframe_webhook_url is not None and settings.tailframe_webhook_secret is None
    if unsigned and "TAILFRAME_WEBHOOK_SECRET" not in without:
        raise SettingsError({"TAILFRAME_WEBHOOK_SECRET": "is not set, and nothing is sent unsigned"})
    return settings


def _problems(error: ValidationError) -> dict[str, str]:
    problems: dict[str, str] = {}
    for detail in error.errors(include_input=False, include_url=False):
        sentence = _SENTENCES.get(detail["type"])
        text = sentence.format(**detail.get("ctx", {})) if sentence else detail["msg"].removeprefix("Value error, ")
        problems[str(detail["loc"][0]).upper()] = text
    return problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where one project keeps what it makes. A rehearsal has a ledger, a store, an output and an archive of its own."""

    project: Path
    private: Path  # `.tailframe/` or `.tailframe/rehearsals/`: ledger, blobs, logs; git-ignored. Of a snapshot on a
    # worker the whole work folder: what belongs to one process there counts for all of its snapshots
    outputs: Path
    ledger: Path | str  # a SQLite file, or a URL that an operator wrote
    store_url: str  # a folder, or s3://bucket/prefix
    archive_url: str  # the same

    def output(self, episode: str) -> Path:
        """The folder of an episode's master, clips and manifest, which the producer opens."""
        return self.outputs / episode

    def within(self, place: str) -> Path | None:
        """The project, where a store or an archive is its own; None where an operator named another place."""
        return self.project if place in self.own else None

    @property
    def own(self) -> tuple[str, str]:
        """The folders in which clips and finished episodes are kept unless an operator names others."""
        beside = self.private if self.private != self.project / ".tailframe" else self.project
        return str(self.private / "blobs"), str(beside / "archive")

    @property
    def logs(self) -> Path:
        """Where runs write their logs, and errors their tracebacks."""
        return self.private / "logs"

    @property
    def owners(self) -> Path:
        """Where each process that may order something holds a lock, by which others know that it lives."""
        return self.private / "owners"

    @property
    def cache(self) -> Path:
        """Copies of blobs of a store elsewhere; may be deleted while nothing runs."""
        return self.private / "cache"

    @property
    def scratch(self) -> Path:
        """For half-made files; on the same disk as the blobs, so that a finished one is moved, not copied."""
        return self.private / "scratch"


def places_of(project: Path, settings: Settings, *, rehearsal: bool = False) -> Places:
    """The places of one project under these settings. A rehearsal stays inside the project, whatever they say."""
    root = project.absolute()
    private = _private(root, settings)
    if rehearsal:
        private = root / ".tailframe" / "rehearsals"
        settings = settings.model_copy(
            update=dict.fromkeys(("tailframe_ledger_url", "tailframe_store_url", "tailframe_archive_url"))
        )
    ledger = settings.tailframe_ledger_url
    return Places(
        project=root,
        private=private,
        outputs=private / "output" if rehearsal else root / "output",
        ledger=ledger.get_secret_value() if ledger else private / "ledger.sqlite",
        store_url=settings.tailframe_store_url or str(private / "blobs"),
        archive_url=settings.tailframe_archive_url or str((private if rehearsal else root) / "archive"),
    )


def work_folder(settings: Settings) -> Path:
    """Where a worker keeps what it fetched: projects, copies of blobs, logs. May be deleted while nothing runs.

    Raises SettingsError where neither a variable nor a home says where.
    """
    if settings.tailframe_work_dir is not None:
        return settings.tailframe_work_dir
    from render.media.facts_cache import cache_folder

    try:
        return cache_folder() / "work"
    except RuntimeError as error:
        raise SettingsError({"TAILFRAME_WORK_DIR": "is not set, and there is no home to keep a cache in"}) from error


def _private(root: Path, settings: Settings) -> Path:
    if root.parent.name == PROJECTS and root.parent.parent == work_folder(settings):
        return root.parent.parent
    return root / ".tailframe"


def needs_shared_store(ledger: Path | str, environment: Mapping[str, str]) -> bool:
    """Whether clips must be where every machine sees them: a team's ledger would name clips that the others lack."""
    return not on_this_machine(ledger) and not environment.get("TAILFRAME_ALLOW_LOCAL_STORE")


def on_this_machine(ledger: Path | str) -> bool:
    """Whether a ledger is a file, which no other machine sees."""
    return isinstance(ledger, Path) or ledger.startswith("sqlite")


def debugging() -> bool:
    """Whether a person asked to see tracebacks: TAILFRAME_DEBUG=1."""
    return os.environ.get("TAILFRAME_DEBUG", "") not in {"", "0"}

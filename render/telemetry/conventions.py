"""Every span and every metric that there is, as tables: names, units, what they mean, and what they may carry.

Names are those of OpenTelemetry's semantic conventions where it has one (`gen_ai.*`, `server.address`, `error.type`,
`network.io.direction`); all others stand below `tailframe.`. Units are written as UCUM has them. A metric carries
nothing but its labels, which are few by nature: no shot, no take, no link, no words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SERIES = "tailframe.series"
EPISODE = "tailframe.episode"
SHOT = "tailframe.shot"
TAKE = "tailframe.take.number"
STATE = "tailframe.take.state"
ERROR_CODE = "tailframe.take.error_code"
ACCOUNT = "tailframe.account"
OUTCOME = "tailframe.outcome"
RUN = "tailframe.run.id"
FLOW_RUN = "tailframe.flow_run.id"
COST = "tailframe.cost_usd"
BYTES = "tailframe.clip.bytes"
FRAMES = "tailframe.frames"
DECISION = "tailframe.decision"
FINDING = "tailframe.finding"
REASON = "tailframe.wait.reason"
STEP = "tailframe.step"
OPERATION = "gen_ai.operation.name"
PROVIDER = "gen_ai.provider.name"
MODEL = "gen_ai.request.model"
SERVER = "server.address"
ERROR = "error.type"
DIRECTION = "network.io.direction"

INHERITED = (SERIES, EPISODE, SHOT, TAKE, PROVIDER, MODEL, ACCOUNT)
"""What a span has of the one around it, so that each can be read alone."""

SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 3600)
"""Limits of the buckets of a duration: a claim takes milliseconds, a vendor minutes."""


class Kind(StrEnum):
    """What a metric does with its figures."""

    COUNTER = "counter"  # adds up, never down
    UP_DOWN = "up-down counter"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric, and the labels that its points may carry."""

    name: str
    kind: Kind
    unit: str
    means: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of span. Its duration is counted in `metric`, where it names one."""

    name: str
    means: str
    carries: tuple[str, ...]  # beside what it inherits
    metric: Metric | None = None
    label: str = ""  # how that metric calls it
    calls_out: bool = False  # to a vendor: a span of the kind "client"


_WHOSE = (SERIES, PROVIDER, ACCOUNT, MODEL)

TRANSITIONS = Metric(
    "tailframe.take.transitions",
    Kind.COUNTER,
    "{transition}",
    "transitions of takes, as the run's log calls them, and the state that each led to",
    (*_WHOSE, DECISION, STATE),
)
JOB_DURATION = Metric(
    "tailframe.job.duration",
    Kind.HISTOGRAM,
    "s",
    "from a claim to the end of its job, by the ledger's clock, and the state that the take had then",
    (*_WHOSE, STATE),
)
ESTIMATED = Metric(
    "tailframe.cost.estimated",
    Kind.COUNTER,
    "USD",
    "what orders that a vendor took were to cost at most; an unknown price counts as nothing",
    _WHOSE,
)
RESERVED = Metric(
    "tailframe.cost.reserved",
    Kind.UP_DOWN,
    "USD",
    "what was set aside by claims, less what was released or spent of it",
    _WHOSE,
)
BILLED = Metric("tailframe.cost.billed", Kind.COUNTER, "USD", "what counts as spent", _WHOSE)
RETURNED = Metric("tailframe.cost.returned", Kind.COUNTER, "USD", "what was spent and given back", _WHOSE)
ALARMS = Metric("tailframe.alarms", Kind.COUNTER, "{alarm}", "alarms that a person should look at", _WHOSE)
ORDER_WAIT = Metric(
    "tailframe.order.wait.duration",
    Kind.HISTOGRAM,
    "s",
    "how long an order waited before it could leave: for its `turn`, as the account was `full`, or as the vendor "
    "`put_off` orders",
    (*_WHOSE, REASON),
)
STEP_DURATION = Metric(
    "tailframe.step.duration",
    Kind.HISTOGRAM,
    "s",
    "how long a step took, by the name of its span",
    (STEP, *_WHOSE, OUTCOME, ERROR),
)
CALL_DURATION = Metric(
    "gen_ai.client.operation.duration",
    Kind.HISTOGRAM,
    "s",
    "how long a vendor took to answer an order",
    (SERIES, OPERATION, PROVIDER, ACCOUNT, MODEL, SERVER, ERROR),
)
MEDIA = Metric(
    "tailframe.media.io",
    Kind.COUNTER,
    "By",
    "bytes of clips that came (`receive`)",
    (*_WHOSE, DIRECTION),
)
FINDINGS = Metric(
    "tailframe.findings",
    Kind.COUNTER,
    "{finding}",
    "what was found about clips that came, by the finding's code",
    (*_WHOSE, FINDING),
)

METRICS = (
    TRANSITIONS,
    JOB_DURATION,
    ESTIMATED,
    RESERVED,
    BILLED,
    RETURNED,
    ALARMS,
    ORDER_WAIT,
    STEP_DURATION,
    CALL_DURATION,
    MEDIA,
    FINDINGS,
)


def _step(name: str, means: str, *carries: str) -> Step:
    return Step(f"tailframe.{name}", means, carries, STEP_DURATION, name)


EPISODE_RUN = _step("run", "a run, from its plan to its archive", RUN, FLOW_RUN, OUTCOME)
SHOT_WORK = _step("shot", "a shot, from its turn in its chain to its outcome", OUTCOME)
TAKE_WORK = _step("take", "work on a take, until it is done or stands still", STATE, COST, ERROR_CODE)
CLAIM = _step("claim", "the claim of an order, in the ledger")
CREATE = Step(
    "generate_content {model}",
    "an order on its way to a vendor, until it is answered",
    (OPERATION, SERVER),
    CALL_DURATION,
    calls_out=True,
)
WAIT = _step("wait", "a vendor at work: polls, and the time between them")
LOOK_UP = _step("look_up", "the search for an order whose answer was lost")
DOWNLOAD = _step("download", "a clip on its way here, until it was checked and kept", BYTES)
DECODE = _step("decode", "every frame of a clip, decoded to see that it is one")
CONFORM = _step("conform", "a part of the picture, brought to the master's format", FRAMES)
CUT = _step("cut", "the master: pictures, mix, join", FRAMES)
JOIN = _step("join", "the parts of a master, joined into its file")

STEPS = (EPISODE_RUN, SHOT_WORK, TAKE_WORK, CLAIM, CREATE, WAIT, LOOK_UP, DOWNLOAD, DECODE, CONFORM, CUT, JOIN)

"""Measures five hundred shots in flight at one vendor from one process: the requests, the ledger's writes, the memory.

    python benchmarks/vendor_traffic.py

Every take goes its whole way, from its claim to a clip that was decoded and kept, over real sockets, with a real ledger
and a real store, against `tailframe sandbox`, whose jobs take half a minute here. EvoLink answers for fifty tasks at
once, Kinovi for one. Beside what is sent stands the least that could be: each file uploaded once, each shot ordered
once, each job asked for once when it is done, each file fetched once. What takes the time is decoding every clip whole,
and the machine's other work; so requests, writes and memory are judged. Ends with 1 where a claim does not hold.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from PIL import Image
from sqlalchemy import Connection, Engine, event

from render.callbacks.listener import CallbackListener
from render.concurrency.blocking import BlockingCalls
from render.concurrency.process_lock import Owner
from render.context import RunContext
from render.ledger import Want, open_ledger, runs, take_slots
from render.providers.registry import ProviderContext, open_provider
from render.store import open_store
from render.takes.life import make_take
from storyboard.capabilities import Capabilities
from storyboard.request import BoundReference, Mode, Request
from storyboard.shot import Caps, MediaKind, Role

SHOTS, JOB_S = 500, 30.0
IDS_AT_ONCE = {"evolink": 50, "kinovi": 1}  # tasks that one poll tells of
FILES_A_SHOT = {"evolink": 1, "kinovi": 2}  # the clip, and its last frame where the vendor gives one
KINDS = ("upload", "put", "create", "poll", "download")
ROOT = Path(__file__).parent.parent

TIMES_THE_LEAST = {"evolink": 1.2, "kinovi": 4.0}
WRITES_A_TAKE_AT_MOST = 5.0
MIB_AT_MOST = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One vendor's figures."""

    vendor: str
    seconds: float
    cpu_s: float
    ordered_s: float  # until the last job was known
    requests: Mapping[str, int]  # by kind, as the sandbox counted them
    writes: int
    reads: int
    idle_mib: float
    mib: float

    @property
    def least(self) -> int:
        """The fewest requests that could do the same."""
        uploads = self.requests.get("upload", 0) + self.requests.get("put", 0)
        polls = -(-SHOTS // IDS_AT_ONCE[self.vendor])
        return uploads + SHOTS + polls + FILES_A_SHOT[self.vendor] * SHOTS


def main() -> int:
    """Measure each vendor in a process of its own, print, judge."""
    if len(sys.argv) > 1:
        print(json.dumps(asdict(asyncio.run(measure(sys.argv[1])))))
        return 0
    kept = True
    print(f"{SHOTS} shots in flight, {JOB_S:g} s each at the vendor\n")
    for vendor in IDS_AT_ONCE:
        with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder)) as environment:
            command = [sys.executable, str(Path(__file__)), vendor]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
        measured = Measured(**json.loads(done.stdout))
        kept = shown(measured) and kept
    return 0 if kept else 1


def shown(measured: Measured) -> bool:
    """Print one vendor's figures; whether its claims hold."""
    vendor, sent, of_least = measured.vendor, sum(measured.requests.values()), TIMES_THE_LEAST[measured.vendor]
    each = ", ".join(f"{measured.requests.get(kind, 0)} {kind}" for kind in KINDS if measured.requests.get(kind))
    times, writes, polls = sent / measured.least, measured.writes / SHOTS, measured.requests.get("poll", 0)
    more_mib = measured.mib - measured.idle_mib
    lines = [
        ("requests", f"{sent}", each),
        ("  of the least possible", f"{times:.2f}x", f"{measured.least}; at most {of_least:g}x"),
        ("  polls among them", f"{polls / sent:.0%}", f"{polls / SHOTS:.1f} a shot"),
        ("  a second", f"{sent / measured.seconds:.0f}", ""),
        ("seconds until all is ordered", f"{measured.ordered_s:.1f}", ""),
        ("seconds in all", f"{measured.seconds:.1f}", f"{measured.seconds / JOB_S:.2f}x a job's own time"),
        ("seconds of the processor", f"{measured.cpu_s:.1f}", f"{measured.cpu_s / SHOTS * 1000:.0f} ms a shot"),
        ("writes of the ledger, a take", f"{writes:.1f}", f"at most {WRITES_A_TAKE_AT_MOST:g}"),
        (
            "  a second",
            f"{measured.writes / measured.seconds:.0f}",
            f"and {measured.reads / measured.seconds:.0f} reads",
        ),
        ("MiB beyond the idle process", f"{more_mib:.0f}", f"of {measured.mib:.0f}; at most {MIB_AT_MOST}"),
    ]
    print(vendor)
    for what, figure, beside in lines:
        print(f"  {what:32}{figure:>8}  {beside}".rstrip())
    print()
    return times <= of_least and writes <= WRITES_A_TAKE_AT_MOST and more_mib <= MIB_AT_MOST


@contextlib.contextmanager
def sandbox(folder: Path) -> Iterator[dict[str, str]]:
    """A sandbox with room for every job at once, and the environment that leads to it."""
    command = [sys.executable, "-m", "flows.cli", "sandbox", "--port", "0", "--state", str(folder)]
    command += ["--job-seconds", str(JOB_S), "--jobs-at-once", str(SHOTS)]
    unbuffered = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=unbuffered, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().removeprefix("export ").strip().partition("=") for _ in range(9)]
        try:
            yield os.environ | {name: value for name, _, value in lines} | {"KINOVI_CONCURRENT_JOBS": str(SHOTS)}
        finally:
            process.terminate()


async def measure(vendor: str) -> Measured:
    """Carry every take from its claim to its clip."""
    counting = counted()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        store, ledger = open_store(place / "blobs", cache=place / "cache"), open_ledger(f"sqlite:///{place}/ledger")
        context = ProviderContext(scratch=place / "scratch", blob_path=store.local_path, environment=os.environ)
        provider = open_provider(vendor, context)
        orders = orders_of(vendor, provider.capabilities, store.put(picture()))
        run = ledger.write(runs.begin_run, "traffic", "e01", "0" * 64, caps=Caps(episode=Decimal(100_000)))
        opened = ledger.write(take_slots.open_takes, run, [want_of(order) for order in orders.values()])
        watcher = Clock()
        calls = BlockingCalls()
        context = RunContext(
            series="traffic",
            run=run,
            ledger=ledger.during(run),
            store=store,
            providers={vendor: provider},
            scratch=place / "scratch",
            owner=Owner.acquire(place / "owners"),
            watcher=watcher,
            callback_listener=CallbackListener.of(ledger, "traffic", calls.in_thread),
            calls=calls,
        )
        idle_mib, before = peak_mib(), Counter(counting)
        began, cpu_before = time.perf_counter(), time.process_time()
        await asyncio.gather(*(make_take(context, take.id, lambda each: orders[each.shot]) for take in opened))
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu_before
        spent = counting - before
        requests = dict(await heard())
        mib = peak_mib()
        await context.aclose()
        ledger.close()
    return Measured(
        vendor=vendor,
        seconds=seconds,
        cpu_s=cpu_s,
        ordered_s=watcher.last_order - began,
        requests=requests,
        writes=spent["writes"],
        reads=spent["reads"],
        idle_mib=idle_mib,
        mib=mib,
    )


class Clock:
    """Notes when the last order was sent."""

    def __init__(self) -> None:
        self.last_order = 0.0

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:  # noqa: ARG002
        """A shot moved."""
        if state == "submitting":
            self.last_order = time.perf_counter()

    def note(self, text: str) -> None:
        """Something went wrong, which nothing may here."""
        raise RuntimeError(text)

    def stage(self, name: str, fraction: float | None = None) -> None:
        """Nothing is cut here."""


def orders_of(vendor: str, sold: Capabilities, still: str) -> dict[str, Request]:
    """Four seconds of 480p a shot, all of them with the same picture."""
    reference = BoundReference(
        token=sold.tokens[MediaKind.IMAGE].format(n=1),
        kind=MediaKind.IMAGE,
        role=Role.CAST,
        name="mara",
        source="references/mara.png",
        sha256=still,
    )
    plain = Request(
        series="traffic",
        shot="",
        provider=vendor,
        account=sold.account,
        model=sold.default_model,
        mode=Mode.REFERENCE,
        prompt="",
        references=(reference,),
        duration_s=Decimal(4),
        billed_s=Decimal(4),
        resolution="480p",
        aspect_ratio="16:9",
        audio=True,
        seed=None,
        variation=0,
        wish="",
        width=864,
        height=496,
        fps=Fraction(24),
        estimated_usd=Decimal("0.40"),
    )
    shots = [f"e01/scene/{number:03}" for number in range(SHOTS)]
    return {
        shot: replace(plain, shot=shot, prompt=f"Mara ({reference.token}) in {shot}", wish=sha256_of(shot))
        for shot in shots
    }


def want_of(order: Request) -> Want:
    """The take that this order is for."""
    return Want(
        shot=order.shot,
        ordinal=0,
        wish=order.wish,
        variation=0,
        provider=order.provider,
        account=order.account,
        model=order.model,
    )


def sha256_of(text: str) -> str:
    """In hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def picture() -> bytes:
    """A still of one colour, as every vendor takes it."""
    written = io.BytesIO()
    Image.new("RGB", (400, 400), "#446688").save(written, "PNG")
    return written.getvalue()


def counted() -> Counter[str]:
    """Counts the transactions of every ledger of this process from now on."""
    counting: Counter[str] = Counter()

    @event.listens_for(Engine, "begin")
    def _begin(conn: Connection) -> None:
        counting["writes" if conn.get_execution_options().get("tailframe_writes") else "reads"] += 1

    return counting


async def heard() -> Counter[str]:
    """The requests that the sandbox heard, by kind."""
    place = urlsplit(os.environ["EVOLINK_BASE_URL"])
    async with httpx.AsyncClient(timeout=60) as client:
        log = (await client.get(f"{place.scheme}://{place.netloc}/sandbox/log")).json()
    return Counter(each["kind"] for each in log)


def peak_mib() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())

"""A callback server in a process of its own, as `tailframe callbacks` runs it or with shorter time-outs.

python -m tests.render.callbacks.server_process LEDGER_URL BODY_WITHIN_S LINE_S
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import replace

from render.callbacks import listen
from render.ledger import open_ledger
from tests.flows.forked_commands import ForkedCommand, begin


class CallbackServerProcess:
    """The process of a callback server for one ledger, within a `with` block; `url` is where it listens."""

    def __init__(self, ledger_url: str, *arguments: str, module: str = "tests.render.callbacks.server_process") -> None:
        self.url = ""
        self._module, self._arguments = module, arguments
        self._environment = os.environ | {"TAILFRAME_LEDGER_URL": ledger_url, "PYTHONUNBUFFERED": "1"}
        self._process: ForkedCommand | None = None

    @classmethod
    def command(cls, ledger_url: str, *options: str) -> CallbackServerProcess:
        """`tailframe callbacks`, on a port that is free."""
        words = ("callbacks", "--port", "0", *(options or ("--public-url", "auto")))
        return cls(ledger_url, *words, module="flows.cli")

    def __enter__(self) -> CallbackServerProcess:
        self._process = begin(*self._arguments, environment=self._environment, module=self._module)
        self.first_line = self.read_line()
        found = re.search(r"http://127\.0\.0\.1:\d+", self.first_line)
        assert found, self.first_line
        self.url = found[0]
        return self

    def read_line(self) -> str:
        """The next line that it says."""
        assert self._process is not None
        assert self._process.stderr is not None
        return self._process.stderr.readline()

    def interrupt(self) -> tuple[int, str]:
        """As Ctrl-C does; returns the exit code, and what else was said."""
        assert self._process is not None
        self._process.send_signal(2)
        _, said = self._process.communicate(timeout=30)
        return self._process.wait(), said

    def kill(self) -> None:
        """As a power cut does."""
        assert self._process is not None
        self._process.kill()
        self._process.communicate()

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()


def main(ledger_url: str, body_within_s: str, line_s: str) -> None:
    """Serve with these time-outs, in seconds, at the address where it listens."""
    standing = replace(listen("127.0.0.1", 0), body_within_s=float(body_within_s), line_s=float(line_s))
    print(standing.url, file=sys.stderr)
    with open_ledger(ledger_url) as ledger:
        standing.serve(ledger, standing.url, warn=print)


if __name__ == "__main__":
    main(os.environ["TAILFRAME_LEDGER_URL"], *sys.argv[1:])

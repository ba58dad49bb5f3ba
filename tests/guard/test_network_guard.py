"""The network guard itself."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from network_guard import OutsideConnection  # by the name under which every process has it


def test_connections_to_other_machines_are_refused() -> None:
    """No socket opened in a test reaches another machine."""
    with socket.socket() as outside, pytest.raises(OutsideConnection, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 443))


def test_other_names_are_not_looked_up() -> None:
    """A name that is not this machine's is unknown in tests, as to a resolver that is cut off."""
    with pytest.raises(socket.gaierror, match="may not look up"):
        socket.getaddrinfo("api.example.com", 443)


def test_this_machine_stays_reachable() -> None:
    """Servers that tests start are reached by name, by address and by mapped address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        for host in ("127.0.0.1", "localhost"):
            with socket.create_connection((host, server.getsockname()[1])):
                pass


def test_processes_that_tests_start_are_guarded_too() -> None:
    """A child process inherits the guard through its environment."""
    code = "import socket; socket.create_connection(('192.0.2.1', 443), timeout=1)"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "OutsideConnection" in child.stderr

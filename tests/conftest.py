"""What every test stands on: an isolated home, no network, no display, and repeatable examples."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

REPO = Path(__file__).resolve().parent.parent

settings.register_profile("local", deadline=None)
settings.register_profile(
    "ci",
    deadline=None,  # a shared machine's clock is not a property of the code
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "local"))


def pytest_configure(config: pytest.Config) -> None:
    """Cut the process, and the processes it starts, off from the user's own settings."""
    for name in [*os.environ]:
        if name.startswith("KONTIJENSI_") or name in {"COLUMNS", "FORCE_COLOR", "NO_COLOR", "LANGUAGE"}:
            del os.environ[name]
    home = tempfile.mkdtemp(prefix="kontijensi-home-")
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        os.environ[name] = home
    os.environ["MPLBACKEND"] = "Agg"
    # Kept between sessions: Matplotlib's list of fonts takes seconds to build.
    os.environ["MPLCONFIGDIR"] = str(REPO / ".pytest_cache" / "matplotlib")
    Path(os.environ["MPLCONFIGDIR"]).mkdir(parents=True, exist_ok=True)
    # No Indonesian zone, and half an hour off: a test that leans on the machine's zone shows itself.
    os.environ["TZ"] = "America/St_Johns"
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the checkout."""
    return REPO


class NetworkUsedError(AssertionError):
    """A test reached for the network; not an OSError, so that no retry or fallback swallows it."""


def is_loopback(host: object) -> bool:
    """Tell whether a host name or address stays on this machine."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection, datagram and name look-up of this process that would leave the machine."""
    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
    getaddrinfo = socket.getaddrinfo

    def refuse_unless_local(family: int, address: Any) -> None:
        if family in {socket.AF_INET, socket.AF_INET6} and not is_loopback(address[0]):
            raise NetworkUsedError(f"the test reached for {address!r}; tests run offline")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse_unless_local(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_unless_local(self.family, address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        refuse_unless_local(self.family, rest[-1])
        return sendto(self, data, *rest)

    def guarded_getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        if not is_loopback(host):
            raise NetworkUsedError(f"the test looked up {host!r}; tests run offline")
        return getaddrinfo(host, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket.socket, "sendto", guarded_sendto)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield

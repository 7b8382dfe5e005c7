"""Which Prefect server carries: the embedded one beside the console, or the operator's own; and how to talk to it."""

import base64
import os
import secrets
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import certifi

from flows.children import Child, without_prefect

HEARTBEAT_SECONDS = 30
"""How often a flow run says that it lives; the least Prefect allows."""

RETENTION_SECONDS = 30 * 24 * 3600
"""How long the embedded server keeps finished runs. The record that counts is ours and is kept."""

UNUSED = ("CANCELLATION_CLEANUP", "FOREMAN", "LATE_RUNS", "PAUSE_EXPIRATIONS", "REPOSSESSOR")
"""Services of the server for workers, schedules, suspended runs and slots, which the embedded server does not have."""


def client_environment(api_url: str, *, auth: str = "", home: Path | None = None) -> dict[str, str]:
    """The PREFECT_* variables of a process that talks to the server at `api_url` (an address that ends in /api)."""
    found = {
        "DO_NOT_TRACK": "1",
        "PREFECT_API_URL": api_url,
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
        "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        # A missing server must be an error, never a hidden second server.
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    if auth:
        found["PREFECT_API_AUTH_STRING"] = auth
    if home is not None:
        found["PREFECT_HOME"] = str(home)
        if api_url.startswith("http://"):
            found["PREFECT_API_SSL_CERT_FILE"] = str(_one_certificate(home))
    return found


def _one_certificate(home: Path) -> Path:
    """A file with one certificate: no https is spoken here, and reading the whole bundle costs 19 ms a client."""
    path = home / "one-certificate.pem"
    if not path.exists():
        end = "-----END CERTIFICATE-----\n"
        bundle = Path(certifi.where()).read_text(encoding="utf-8")
        path.write_text(bundle[bundle.index("-----BEGIN") : bundle.index(end) + len(end)], encoding="utf-8")
    return path


def connect(environment: Mapping[str, str]) -> None:
    """Make this process a client of the server the variables name, whether Prefect is loaded already or not."""
    os.environ.update(environment)
    if "prefect" in sys.modules:
        from prefect.context import refresh_global_settings_context

        refresh_global_settings_context()


def answers(api_url: str, *, auth: str = "", seconds: float = 2.0) -> bool:
    """True when a Prefect server answers at `api_url` and accepts `auth`; never raises."""
    request = urllib.request.Request(f"{api_url}/admin/version")
    if auth:
        request.add_header("Authorization", "Basic " + base64.b64encode(auth.encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


class EmbeddedServer:
    """One Prefect server on loopback with its own home, SQLite file and password; the user sets up nothing.

    `start` returns at once and `ready` says whether the server answers by now. When one of ours answers at the port
    already, that one is used and none is started until it goes away.
    """

    def __init__(self, home: Path, port: int) -> None:
        self.home = home.resolve()
        self.api_url = f"http://127.0.0.1:{port}/api"
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.auth = self._auth_string()
        self._child = Child(
            "prefect",
            str(port),
            healthy=lambda: answers(self.api_url, auth=self.auth),
            environment={**without_prefect(), **self.environment(), **self._server_environment(port)},
            log=self.home / "server.log",
        )

    def environment(self) -> dict[str, str]:
        """The PREFECT_* variables of a client of this server."""
        return client_environment(self.api_url, auth=self.auth, home=self.home)

    def start(self) -> None:
        """Start the server in the background, and again whenever it ends; returns at once."""
        self._child.start()

    def ready(self) -> bool:
        """True when the server answered at the last look."""
        return self._child.ready()

    def wait(self, seconds: float) -> bool:
        """Wait until the server answers, at most `seconds`; answers whether it does."""
        return self._child.wait(seconds)

    def stop(self, seconds: float = 8.0) -> None:
        """Stop the server; it is killed when it has not ended after `seconds`."""
        self._child.stop(seconds)

    @property
    def pid(self) -> int | None:
        """The server's process id while we run one."""
        return self._child.pid

    def _auth_string(self) -> str:
        path = self.home / "auth"
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(f"chuke:{secrets.token_urlsafe(24)}")
        return path.read_text(encoding="ascii").strip()

    def _server_environment(self, port: int) -> dict[str, str]:
        service = "PREFECT_SERVER_SERVICES"
        return {
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_SERVER_API_AUTH_STRING": self.auth,
            "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}",
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{self.home / 'prefect.db'}",
            "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
            "PREFECT_SERVER_UI_API_URL": self.api_url,
            f"{service}_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
            f"{service}_TASK_RUN_RECORDER_BATCH_SIZE": "100",
            # Below 1 it is cut to 0 and the recorder spins.
            f"{service}_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
            f"{service}_EVENT_PERSISTER_READ_BATCH_SIZE": "100",
            f"{service}_EVENT_PERSISTER_BATCH_SIZE": "100",
            # Nothing of ours waits for these, and each asks the database every few seconds.
            **{f"{service}_{name}_ENABLED": "false" for name in UNUSED},
            f"{service}_DB_VACUUM_ENABLED": "events,flow_runs",
            f"{service}_DB_VACUUM_RETENTION_PERIOD": str(RETENTION_SECONDS),
        }

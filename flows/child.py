"""The body of a child process of `chuke serve`: serves until told to stop or until its parent is gone.

`python -m flows.child console HOST PORT` serves the console, `python -m flows.child prefect PORT` a Prefect server.
"""

import os
import signal
import sys
import threading

GRACE_SECONDS = 8


def _leave_with_parent() -> None:
    """Wait for the end of the parent's pipe, then stop in order, and hard when that takes too long."""
    while os.read(0, 1024):
        pass
    threading.Timer(GRACE_SECONDS, os._exit, (0,)).start()
    os.kill(os.getpid(), signal.SIGTERM)


def serve_console(host: str, port: str | int) -> None:
    """Serve the console and the HTTP interface until told to stop; loads neither Prefect nor the PDF engine."""
    import uvicorn

    uvicorn.run("web.app:create_app", factory=True, host=host, port=int(port), log_level="warning", server_header=False)


def _prefect(port: str) -> None:
    from prefect.cli import app

    # Prefect's command line reads its arguments from here only.
    sys.argv = ["prefect", "server", "start", "--host", "127.0.0.1", "--port", port]
    app()


def main() -> None:
    """Serve what the first argument names; settings come by environment."""
    threading.Thread(target=_leave_with_parent, name="parent-watch", daemon=True).start()
    {"console": serve_console, "prefect": _prefect}[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()

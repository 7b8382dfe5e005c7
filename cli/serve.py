"""`chuke serve`: the console, the relay and Prefect together, until told to stop."""

from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from cli.asking import opened

Port = Annotated[int, Parameter(validator=Number(gte=1, lte=65_535))]


def serve(*, host: str | None = None, port: Port | None = None) -> int:
    """启动服务 · Serve the console and carry errands through Prefect; Ctrl-C stops everything in order.

    Parameters
    ----------
    host:
        监听地址 address to listen on; otherwise CHUKE_HOST.
    port:
        监听端口 port of the console; otherwise CHUKE_PORT.
    """
    with opened():
        # Brings an embedded database up to date, and refuses one that is not, before anything is started.
        pass
    from flows.serve import serve as serve_all
    from services.settings import settings

    print(f"http://{host or settings().host}:{port or settings().port}", flush=True)
    return serve_all(host=host, port=port)

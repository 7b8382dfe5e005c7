"""Makes the application: `uvicorn --factory web.app:create_app`."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from services.database.engine import Database, open_database
from services.database.work import office_now
from services.settings import settings
from web import api, errors, pages
from web.guards import BearableBody, CarefulHeaders, OwnOrigin
from web.routes import admit

CONSOLE: tuple[APIRouter, ...] = tuple(
    import_module(f"web.pages.{module.name}").router for module in iter_modules(pages.__path__)
)
"""The routes of every file in `web/pages/`: a page is added by adding its file."""


class _Application(FastAPI):
    """The framework sets its own crash page outermost; ours must be outside of it, so that it has our headers."""

    def build_middleware_stack(self) -> ASGIApp:
        return CarefulHeaders(super().build_middleware_stack(), crash_page=errors.crash_page)


def create_app(database: Database | None = None, *, clock: Callable[[], datetime] = office_now) -> FastAPI:
    """The console and the interface over the given database, else over the one of the settings.

    `clock` is read once per request; tests and rehearsals give their own.
    """
    opened = database or open_database(settings().database)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        if database is None:
            opened.close()

    app = _Application(
        title="出壳 Chuke",
        summary="Incubation of social organizations: cases, moves, papers",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(admit)],
        middleware=[
            Middleware(OwnOrigin, site=settings().site, refusal=errors.foreign_order),
            Middleware(BearableBody, refusal=errors.too_large),
        ],
    )
    app.state.database, app.state.clock = opened, clock
    errors.install(app)
    for router in CONSOLE:
        app.include_router(router, include_in_schema=False)
    app.include_router(api.router)
    app.mount("/static", StaticFiles(directory=str(files("web").joinpath("static"))), name="static")
    return app

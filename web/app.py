"""Makes the application: `uvicorn --factory web.app:create_app`."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from services.database.engine import Database, open_database
from services.database.work import office_now
from services.settings import settings
from web import api, errors, pages
from web.guards import BearableBody, CarefulHeaders, OwnOrigin
from web.interface.describing import describe
from web.interface.rates import BearableRate, of_the_interface, of_verifying
from web.routes import admit

TITLE, SUMMARY, VERSION = "出壳 Chuke", "Incubation of social organizations: cases, moves, papers", "1"

CONSOLE: tuple[APIRouter, ...] = tuple(
    import_module(f"web.pages.{module.name}").router for module in iter_modules(pages.__path__)
)
"""The routes of every file in `web/pages/`: a page is added by adding its file."""

INTERFACE: tuple[APIRouter, ...] = tuple(
    import_module(f"web.api.{module.name}").router for module in iter_modules(api.__path__)
)
"""The routes of every file in `web/api/`: a noun is added by adding its file."""


def description() -> dict[str, Any]:
    """The interface described in OpenAPI 3.1; docs/openapi.json keeps it, so that a change of it is seen."""
    return describe(INTERFACE, title=TITLE, summary=SUMMARY, version=VERSION)


class _Application(FastAPI):
    """The framework sets its own crash page outermost; ours must be outside of it, so that it has our headers."""

    def build_middleware_stack(self) -> ASGIApp:
        return CarefulHeaders(super().build_middleware_stack(), crash_page=errors.crash_page)

    def openapi(self) -> dict[str, Any]:
        """The description of the interface; the console is none."""
        self.openapi_schema = self.openapi_schema or description()
        return self.openapi_schema


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
        title=TITLE,
        summary=SUMMARY,
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(admit)],
        middleware=[
            Middleware(OwnOrigin, site=settings().site, refusal=errors.foreign_order),
            Middleware(
                BearableRate,
                per_minute=settings().interface_per_minute,
                counted=of_the_interface,
                refusal=errors.too_often,
            ),
            Middleware(
                BearableRate, per_minute=settings().verify_per_minute, counted=of_verifying, refusal=errors.too_often
            ),
            Middleware(BearableBody, refusal=errors.unbearable),
        ],
    )
    app.state.database, app.state.clock = opened, clock
    errors.install(app)
    for router in CONSOLE:
        app.include_router(router, include_in_schema=False)
    for router in INTERFACE:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=str(files("web").joinpath("static"))), name="static")
    return app

"""Puts the routers of bootstrap together: errors, request ids, the start and end of what runs beside."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager

from fastapi import APIRouter, FastAPI

from sync_server.web.customer_headers import CustomerHeaders
from sync_server.web.error_mapping import map_errors
from sync_server.web.request_id import RequestId

Application = FastAPI
Router = APIRouter
"""Named here for bootstrap, which only passes them on."""


def create_app(
    routers: Sequence[APIRouter],
    *,
    running: Callable[[], AbstractContextManager[None]],
    end_streams: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The application; ``running`` surrounds its life (listener, jobs), ``end_streams`` is called before."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with running():
            yield

    app = FastAPI(title="Daybook", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.end_streams = end_streams
    map_errors(app)
    for router in routers:
        app.include_router(router)
    app.add_middleware(CustomerHeaders)
    app.add_middleware(RequestId)
    return app

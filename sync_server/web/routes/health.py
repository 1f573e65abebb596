"""Whether this process is alive, and whether it can work."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

Readiness = Callable[[], dict[str, Any]]
"""What is told by name; a value False makes the process unready."""


def health_router(checks: Readiness) -> APIRouter:
    """``/health``."""
    router = APIRouter(prefix="/health", tags=["health"])

    @router.get("/live")
    def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "alive"}

    @router.get("/ready")
    def ready() -> JSONResponse:
        """Database, its shape, and the age of each tick; 503 when something is missing."""
        told = checks()
        missing = [name for name, value in told.items() if value is False]
        body = {"status": "unready" if missing else "ready", **told}
        return JSONResponse(body, status_code=503 if missing else 200)

    return router

"""The one table from what went wrong to an HTTP status; the body is always ``{code, message, …}``."""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from shared import errors
from shared.sync_protocol import refusals
from sync_server.repositories.database_errors import is_passing
from sync_server.services.breakdowns import places

log = structlog.get_logger()

STATUS: Final[Mapping[type[errors.DomainError], int]] = {
    # families
    errors.BadInput: 422,
    errors.Refused: 409,
    errors.MoneyRefused: 402,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.NotSignedIn: 401,
    errors.TooMuch: 429,
    errors.Unavailable: 503,
    # leaves that differ from their family
    errors.BadSignature: 400,
    errors.BodyTooLarge: 413,
    errors.DocumentTooLarge: 413,
    errors.LinkEnded: 410,
    errors.PracticeNotAllowed: 422,
    errors.TemplateTooLarge: 413,
    refusals.BadRequest: 400,
    refusals.MinApp: 426,
}

_RETRY_AFTER_S: Final = 5
# what a machine needs beside the code (sync: on the wire)
_TOLD: Final = ("epoch", "expected", "min_app", "field", "rest", "retry_after_s")
_WORDS: Final = {
    404: ("not_found", "This does not exist."),
    405: ("method_not_allowed", "This cannot be done here."),
    413: ("body_too_large", "This is too large."),
}


def status_of(failure: errors.DomainError) -> int:
    """The HTTP status: of the nearest class that the table names."""
    for kind in type(failure).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    raise AssertionError(f"no HTTP status for {failure.code}")


def body_of(failure: errors.DomainError) -> dict[str, Any]:
    """Code, sentence, and what a machine needs."""
    body: dict[str, Any] = {"code": failure.code, "message": failure.sentence}
    return body | {name: failure.details[name] for name in _TOLD if name in failure.details}


def answer_to(failure: errors.DomainError, **more: Any) -> JSONResponse:  # noqa: ANN401 - JSON values
    """The answer for an error; ``more`` joins the body."""
    status = status_of(failure)
    headers = {}
    if status in (429, 503):
        headers["Retry-After"] = str(failure.details.get("retry_after_s", _RETRY_AFTER_S))
    return JSONResponse({**body_of(failure), **more}, status_code=status, headers=headers)


def map_errors(app: FastAPI) -> None:
    """Answer every failure in the same words."""

    @app.exception_handler(errors.DomainError)
    def _refused(_: Request, failure: errors.DomainError) -> JSONResponse:
        log.info("refused", code=failure.code)
        return answer_to(failure)

    @app.exception_handler(RequestValidationError)
    def _unreadable(_: Request, failure: RequestValidationError) -> JSONResponse:
        first = failure.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        return answer_to(refusals.BadRequest(detail=f"{where}: {first['msg']}"))

    @app.exception_handler(HTTPException)
    def _framework(_: Request, failure: HTTPException) -> JSONResponse:
        code, message = _WORDS.get(failure.status_code, ("bad_request", "This request cannot be read."))
        return JSONResponse(
            {"code": code, "message": message}, status_code=failure.status_code, headers=failure.headers
        )

    @app.exception_handler(Exception)
    def _broken(_: Request, failure: Exception) -> JSONResponse:
        if is_passing(failure):
            log.warning("database_busy", error_class=type(failure).__name__)
            return answer_to(errors.Busy())
        log.error("request_broke", error_class=type(failure).__name__, places=places(failure))
        message = "Something went wrong on the server. It has been noted."
        return JSONResponse({"code": "server_error", "message": message}, status_code=500)

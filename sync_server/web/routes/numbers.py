"""Document numbers for devices."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends

from shared.sync_protocol.numbers import LeaseAnswer, LeaseRequest, ReturnRequest
from sync_server.services.number_leases import NumberLeases
from sync_server.services.staff_sessions import StaffSession


def numbers_router(staff: Callable[..., StaffSession], leases: NumberLeases) -> APIRouter:
    """``/v1/numbers``."""
    router = APIRouter(prefix="/v1/numbers", tags=["numbers"])
    Staff = Annotated[StaffSession, Depends(staff)]  # noqa: N806 - a type

    @router.post("/lease")
    def lease(body: LeaseRequest, session: Staff) -> LeaseAnswer:
        """One number for a document, or a fuller standing lease."""
        return leases.lease(session.tenant_id, session.device_id, body)

    @router.post("/return", status_code=204)
    def give_back(body: ReturnRequest, session: Staff) -> None:
        """Leases that a restored store may not use any more."""
        leases.give_back(session.tenant_id, session.device_id, body.lease_ids)

    return router

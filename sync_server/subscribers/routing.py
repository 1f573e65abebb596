"""Which handlers hear of which fact: the whole table. Bootstrap gives each name its function."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from shared.unit_of_work import UnitOfWork
from sync_server.repositories.event_outbox import OutboxFact

Handler = Callable[[UnitOfWork, datetime, OutboxFact], None]
"""Called with a unit under the studio's lock, business time and the fact; a repetition changes nothing."""

CUSTOMER_MAIL: Final = "customer_mail"
CREDIT_NOTES: Final = "credit_notes"

ROUTES: Final[Mapping[str, tuple[str, ...]]] = {
    "BookingMade": (CUSTOMER_MAIL,),
    "BookingConfirmed": (CUSTOMER_MAIL,),
    "BookingMoved": (CUSTOMER_MAIL,),
    "BookingCancelled": (CUSTOMER_MAIL, CREDIT_NOTES),
    "BookingFullyPaid": (CUSTOMER_MAIL,),
    "StagePaid": (CUSTOMER_MAIL,),
    "RefundSettled": (CUSTOMER_MAIL, CREDIT_NOTES),
    "DocumentIssued": (CUSTOMER_MAIL,),
    "LinkAsked": (CUSTOMER_MAIL,),
}

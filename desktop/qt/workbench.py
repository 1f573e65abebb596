"""What the pages of one signed-in studio are built from: handed to flows, never to a page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from desktop.commands.invoices import InvoiceDesk
from desktop.local_store.numbers import Numbers
from desktop.qt.background.acting import Acting
from desktop.qt.background.announcer import Announcer
from desktop.qt.background.reading import Reading
from desktop.qt.background.task_runner import TaskRunner
from desktop.qt.dialogs.sign_in_dialog import Credentials
from desktop.qt.theme import Theme
from desktop.queries.rows import StudioFacts
from shared.clock import Clock, local_date


@dataclass(frozen=True, slots=True)
class Workbench:
    """The collaborators of one studio's screens; ``key_file`` says that a file stands in for the keyring."""

    theme: Theme
    studio: StudioFacts
    tenant_id: UUID
    user_id: UUID
    clock: Clock
    reading: Reading
    acting: Acting
    runner: TaskRunner
    announcer: Announcer
    invoices: InvoiceDesk
    numbers: Numbers
    key_file: bool
    failed: Callable[[BaseException], None]
    sign_in: Callable[[Credentials], UUID]

    def now(self) -> datetime:
        """Business time."""
        return self.clock.now()

    def today(self) -> date:
        """Today in the studio's zone."""
        return local_date(self.clock.now(), self.studio.time_zone)

"""Who may print which document number (sync, "Numbers").

Numbers come from the register plus one, never from a gap; each ends as used or void with a reason. Before
a number is committed it stands in a journal outside the database: a restored server gives none out again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from shared.clock import local_date
from shared.errors import AlreadyIssued, FieldInvalid, NumberConflict, NumberNotLeased
from shared.models.act import Act
from shared.models.states import Series
from shared.sync_protocol.numbers import LeaseAnswer, LeasedNumber, LeaseRequest
from shared.sync_protocol.operations import InvoiceIssue, read_args
from shared.unit_of_work import UnitOfWork
from sync_server.repositories import tenant_lock
from sync_server.repositories.devices import Devices
from sync_server.repositories.number_register import NumberRegister, RegisterRow
from sync_server.services.studio_unit import StudioUnits

_DECEMBER: Final = 12
_YEAR_CLOSES: Final = (1, 31)


@dataclass(frozen=True)
class JournalEntry:
    """One allocation; ``device_id`` None: a document made by the server."""

    series: str
    year: int
    number: int
    lease_id: UUID | None
    device_id: UUID | None
    document_id: UUID | None


class NumberJournal(Protocol):
    """Allocations of every studio, kept outside the database."""

    def append(self, tenant_id: UUID, entries: Iterable[JournalEntry]) -> None:
        """Write them and wait until they lie on the disk."""
        ...

    def entries(self, tenant_id: UUID, series: str, year: int) -> list[JournalEntry]:
        """All that were ever written for this series and year."""
        ...


class NumberLeases:
    """Gives numbers out and checks them when they come back on a document."""

    def __init__(self, units: StudioUnits, journal: NumberJournal) -> None:
        self._units = units
        self._journal = journal

    def lease(self, tenant_id: UUID, device_id: UUID, request: LeaseRequest) -> LeaseAnswer:
        """Numbers for a device; raises AlreadyIssued, FieldInvalid."""
        with self._units.transaction(tenant_id) as (unit, now):
            register = NumberRegister(unit.session)
            computer = Devices(unit.session).ids_of_same_computer(tenant_id, device_id)
            repeated = register.of_lease(tenant_id, request.request_id)
            use_standing = False
            if not repeated:
                self._check_year(unit, tenant_id, request.year, now)
                if request.document_id is not None and register.has_document(tenant_id, request.document_id):
                    raise AlreadyIssued
                use_standing = self._may_use_standing(register, tenant_id, request, computer)
                count = 0 if use_standing else self._wanted(register, tenant_id, request, computer)
                repeated = self._allocate(
                    unit,
                    tenant_id,
                    RegisterRow(
                        request.series.value,
                        request.year,
                        0,
                        "leased",
                        lease_id=request.request_id,
                        device_id=device_id,
                        for_document=request.document_id,
                    ),
                    count=count,
                )
            return LeaseAnswer(
                use_standing=use_standing,
                numbers=[row.number for row in repeated],
                leased=[
                    LeasedNumber(
                        series=Series(row.series), year=row.year, number=row.number, lease_id=row.lease_id
                    )
                    for row in register.leased_to(tenant_id, computer)
                    if row.lease_id is not None
                ],
            )

    def give_back(self, tenant_id: UUID, device_id: UUID, lease_ids: list[UUID]) -> None:
        """A restored store may not use these any more: they become void."""
        with self._units.transaction(tenant_id) as (unit, _):
            computer = Devices(unit.session).ids_of_same_computer(tenant_id, device_id)
            NumberRegister(unit.session).void_leases(
                tenant_id, lease_ids, device_ids=computer, at=tenant_lock.machine_now(unit.session)
            )

    def next_server_number(self, unit: UnitOfWork, tenant_id: UUID, series: Series, year: int) -> int:
        """What a document made by the server would get now; read without the lock, to render it before."""
        known = NumberRegister(unit.session).highest(tenant_id, series.value, year)
        written = [entry.number for entry in self._journal.entries(tenant_id, series.value, year)]
        return max([known, *written]) + 1

    def take_server_number(
        self, unit: UnitOfWork, tenant_id: UUID, *, series: Series, year: int, number: int, document_id: UUID
    ) -> bool:
        """Under the lock: use this number if it is still the next one; False when it has gone."""
        self._repair(unit, tenant_id, series.value, year)
        register = NumberRegister(unit.session)
        if register.highest(tenant_id, series.value, year) + 1 != number:
            return False
        row = RegisterRow(series.value, year, 0, "used", document_id=document_id)
        taken = self._allocate(unit, tenant_id, row, count=1)
        return [each.number for each in taken] == [number]

    def check_issue(self, unit: UnitOfWork, act: Act, device_id: UUID, args: Mapping[str, Any]) -> None:
        """For ``invoice.issue`` and ``credit.issue``: use a number of this computer or of this document.

        Raises BadArgs, NumberConflict, NumberNotLeased. A void number whose holder was offline becomes used.
        """
        issue = read_args(InvoiceIssue, args)
        tenant_id = act.tenant_id
        register = NumberRegister(unit.session)
        at = tenant_lock.machine_now(unit.session)
        self._repair(unit, tenant_id, issue.series.value, issue.year)
        row = register.find(tenant_id, issue.series.value, issue.year, number=issue.number)
        if row is None:
            raise NumberNotLeased
        if row.state == "used":
            if row.document_id != issue.id:
                raise NumberConflict
            return
        computer = Devices(unit.session).ids_of_same_computer(tenant_id, device_id)
        if row.device_id not in computer and row.for_document != issue.id:
            raise NumberNotLeased
        register.use(tenant_id, row, document_id=issue.id, at=at)
        register.void_for_document(tenant_id, issue.id, reason="issued under another number", at=at)

    # --- allocation, always under the lock ------------------------------------------------------------------

    def _allocate(
        self, unit: UnitOfWork, tenant_id: UUID, like: RegisterRow, *, count: int
    ) -> list[RegisterRow]:
        if count == 0:
            return []
        self._repair(unit, tenant_id, like.series, like.year)
        register = NumberRegister(unit.session)
        first = register.highest(tenant_id, like.series, like.year) + 1
        rows = [RegisterRow(**{**like.__dict__, "number": number}) for number in range(first, first + count)]
        self._journal.append(
            tenant_id,
            [
                JournalEntry(row.series, row.year, row.number, row.lease_id, row.device_id, row.document_id)
                for row in rows
            ],
        )
        register.add(tenant_id, rows, at=tenant_lock.machine_now(unit.session))
        return rows

    def _repair(self, unit: UnitOfWork, tenant_id: UUID, series: str, year: int) -> None:
        """Numbers that the journal knows and the register has lost come back: they were given out once."""
        entries = self._journal.entries(tenant_id, series, year)
        if not entries:
            return
        register = NumberRegister(unit.session)
        if max(entry.number for entry in entries) <= register.highest(tenant_id, series, year):
            return
        known = register.numbers(tenant_id, series, year)
        lost = {entry.number: entry for entry in entries if entry.number not in known}
        devices = Devices(unit.session)
        rows = []
        for number, entry in sorted(lost.items()):
            holder = entry.device_id
            if holder is not None and devices.find(tenant_id, holder) is not None:
                rows.append(
                    RegisterRow(series, year, number, "leased", lease_id=entry.lease_id, device_id=holder)
                )
            else:
                rows.append(RegisterRow(series, year, number, "void", reason="server restored"))
        register.add(tenant_id, rows, at=tenant_lock.machine_now(unit.session))

    def _may_use_standing(
        self, register: NumberRegister, tenant_id: UUID, request: LeaseRequest, computer: set[UUID]
    ) -> bool:
        """A studio with one device counts 1, 2, 3: its own next number is above every used one."""
        if request.document_id is None or request.standing_next is None:
            return False
        series, year = request.series.value, request.year
        row = register.find(tenant_id, series, year, number=request.standing_next)
        is_ours = row is not None and row.state == "leased" and row.device_id in computer
        return is_ours and request.standing_next > register.highest_used(tenant_id, series, year)

    def _wanted(
        self, register: NumberRegister, tenant_id: UUID, request: LeaseRequest, computer: set[UUID]
    ) -> int:
        if request.document_id is not None:
            return 1
        standing = [
            row
            for row in register.leased_to(tenant_id, computer)
            if (row.series, row.year, row.for_document) == (request.series.value, request.year, None)
        ]
        return max(0, request.count - len(standing))

    def _check_year(self, unit: UnitOfWork, tenant_id: UUID, year: int, now: datetime) -> None:
        """This year, last year until it is closed, next year from December; a day of slack for odd zones."""
        today = local_date(now, unit.studios.settings(tenant_id).zone)
        allowed = {
            candidate
            for day in (today - timedelta(days=1), today, today + timedelta(days=1))
            for candidate in _years_in_use(day)
        }
        if year not in allowed:
            raise FieldInvalid(field="year", detail=f"no numbers are given for {year} now")


def _years_in_use(day: date) -> set[int]:
    years = {day.year}
    if (day.month, day.day) <= _YEAR_CLOSES:
        years.add(day.year - 1)
    if day.month == _DECEMBER:
        years.add(day.year + 1)
    return years

"""The computers of a studio: starting over under a new id, the owner's list, removing one."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from shared.errors import ThingNotFound
from shared.ids import new_id
from shared.models.act import ActorKind
from shared.policies.rights_policy import Right, check_right
from shared.sync_protocol.refusals import CounterForked
from shared.sync_protocol.sessions import DeviceList, DeviceRow, RenewRequest, SessionAnswer
from sync_server.repositories import tenant_lock
from sync_server.repositories.audit_log import AuditLog, AuditRow
from sync_server.repositories.devices import Devices
from sync_server.repositories.number_register import NumberRegister
from sync_server.repositories.sessions import Sessions
from sync_server.services.rate_limits import RateLimits
from sync_server.services.staff_sessions import StaffSession, StaffSessions, Visitor
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()

_RENEWALS_COUNT_FOR: Final = timedelta(hours=1)
_MANY_RENEWALS: Final = 10


class StudioDevices:
    """Changes which computers belong to a studio."""

    def __init__(self, units: StudioUnits, sessions: StaffSessions, limits: RateLimits) -> None:
        self._units = units
        self._sessions = sessions
        self._limits = limits

    def renew(self, staff: StaffSession, request: RenewRequest, visitor: Visitor) -> SessionAnswer:
        """A new id for a store that starts over; a repeat gives the same id, also under the older one.

        The older id becomes superseded: whoever still calls under it holds a copy. Raises TooManyTries,
        CounterForked.
        """
        self._limits.hit("renew_device", f"{staff.tenant_id}:{staff.user_id}")
        with self._units.transaction(staff.tenant_id) as (unit, _):
            devices, at = Devices(unit.session), tenant_lock.machine_now(unit.session)
            made = devices.by_request(staff.tenant_id, request.request_id)
            if made is None:
                older = devices.find(staff.tenant_id, request.replaces)
                device_id = new_id()
                present = devices.find(staff.tenant_id, staff.device_id)
                assert present is not None, "a session names a device"
                if present.status != "active":
                    raise CounterForked
                devices.add(
                    staff.tenant_id,
                    device_id,
                    name=present.name,
                    replaces=request.replaces,
                    request_id=request.request_id,
                    machine_mark=request.machine_mark,
                    issued_cursor=older.issued_cursor if older is not None else 0,
                    last_seen_at=at,
                )
                if older is not None and older.status == "active":
                    devices.set_status(staff.tenant_id, older.id, "superseded")
            else:
                device_id = made.id
                if made.status != "active":
                    raise CounterForked
            many = devices.renewed_since(staff.tenant_id, at - _RENEWALS_COUNT_FOR) > _MANY_RENEWALS
            answer = self._sessions.open_on(unit, staff, device_id, visitor=visitor)
        log.info("device_renewed", tenant_id=str(staff.tenant_id), reason=request.reason)
        if many:
            log.error("many_device_renewals", tenant_id=str(staff.tenant_id))
        return answer

    def all(self, staff: StaffSession) -> DeviceList:
        """Every computer of the studio; for owners. Raises NeedsRight."""
        check_right(staff.role, Right.MANAGE_DEVICES)
        with self._units.reading(staff.tenant_id) as (unit, _):
            rows = Devices(unit.session).all(staff.tenant_id)
        return DeviceList(
            devices=[
                DeviceRow(
                    id=row.id,
                    name=row.name,
                    status=row.status,
                    last_seen_at=row.last_seen_at,
                    app_version=row.app_version,
                )
                for row in rows
            ]
        )

    def revoke(self, staff: StaffSession, device_id: UUID, visitor: Visitor) -> None:
        """Remove a computer: its sessions end, its numbers become void. Raises NeedsRight, ThingNotFound."""
        check_right(staff.role, Right.MANAGE_DEVICES)
        tenant_id = staff.tenant_id
        with self._units.transaction(tenant_id) as (unit, _):
            at = tenant_lock.machine_now(unit.session)
            if not Devices(unit.session).set_status(tenant_id, device_id, "revoked"):
                raise ThingNotFound
            Sessions(unit.session).revoke_of_device(tenant_id, device_id, reason="device removed", at=at)
            NumberRegister(unit.session).void_of_device(tenant_id, device_id, reason="device revoked", at=at)
            row = AuditRow(
                actor=ActorKind.STAFF,
                actor_id=staff.user_id,
                device_id=staff.device_id,
                action="device.revoked",
                entity="device",
                entity_id=device_id,
                request_id=visitor.request_id,
                ip=visitor.ip,
            )
            AuditLog(unit.session).add(tenant_id, [row])

"""Staff come in, stay and leave (access, "Staff sign-in" and "Sessions"). No account is ever locked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

import structlog

from shared.errors import LinkEnded, SessionReused, SignIn, SignInFailed
from shared.ids import TenantId, new_id
from shared.models.act import ActorKind, Role
from shared.sync_protocol.sessions import SessionAnswer, SetUpRequest, SignInRequest
from shared.unit_of_work import UnitOfWork
from sync_server.repositories import tenant_lock
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.audit_log import AuditLog, AuditRow
from sync_server.repositories.devices import Devices
from sync_server.repositories.sessions import Credential, SessionRow, Sessions, session_standing
from sync_server.services.action_links import ActionLinks, LinkPurpose
from sync_server.services.addresses import address_hash
from sync_server.services.admission import REUSED, AccessClaims, check_admission, check_alive
from sync_server.services.passwords import Passwords
from sync_server.services.rate_limits import RateLimits
from sync_server.services.refresh_tokens import RefreshTokens, token_sha256
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()

SESSION_LIFETIME: Final = timedelta(days=7)
PROOF_LIFETIME: Final = timedelta(days=180)
REPEAT_WITHIN: Final = timedelta(seconds=60)


class AccessTokens(Protocol):
    """Short-lived proof of a session."""

    def issue(self, claims: AccessClaims) -> tuple[str, datetime]:
        """A token and when it ends."""
        ...

    def read(self, token: str) -> AccessClaims:
        """What it says; raises TokenExpired, SignIn."""
        ...


@dataclass(frozen=True)
class StaffSession:
    """A signed-in person on a computer: where the studio of a request comes from."""

    tenant_id: TenantId
    session_id: UUID
    family_id: UUID
    device_id: UUID
    user_id: UUID
    user_name: str
    role: Role
    expires_at: datetime


@dataclass(frozen=True)
class Visitor:
    """Where a request came from."""

    ip: str
    request_id: str


class StaffSessions:
    """Signs people in and out, and says who is behind a token."""

    def __init__(
        self,
        units: StudioUnits,
        across: AcrossStudios,
        *,
        passwords: Passwords,
        tokens: tuple[AccessTokens, RefreshTokens],
        limits: RateLimits,
        links: ActionLinks,
    ) -> None:
        self._units = units
        self._across = across
        self._passwords = passwords
        self._access, self._refresh = tokens
        self._limits = limits
        self._links = links

    def claims(self, token: str) -> AccessClaims:
        """What an access token says; whether its session still stands is not asked. Raises as ``read``."""
        return self._access.read(token)

    def authenticate(self, token: str, *, superseded: bool = False) -> StaffSession:
        """Who is behind an access token now; raises TokenExpired, SignIn, DeviceRevoked, CounterForked.

        ``superseded``: also for a device that has a newer id, which may ask for it again.
        """
        claims = self.claims(token)
        row = session_standing(self._units.sessions, claims.tenant_id, claims.session_id)
        check_admission(claims, None if row is None else row.state, superseded=superseded)
        assert row is not None, "nobody is let in without a session"
        assert claims.expires_at is not None, "a token that was read has an end"
        return StaffSession(
            TenantId(claims.tenant_id),
            row.id,
            row.family_id,
            row.device_id,
            row.user_id,
            row.member_name,
            row.member_role,
            claims.expires_at,
        )

    def sign_in(self, request: SignInRequest, visitor: Visitor) -> SessionAnswer:
        """Check the password and open a session; raises SignInFailed, TooManyTries, Busy."""
        address = address_hash(request.email)
        self._limits.hit("sign_in_address_ip", f"{address.hex()}:{visitor.ip}")
        self._limits.hit("sign_in_address", address.hex())
        self._limits.hit("sign_in_ip", visitor.ip)
        found = self._across.find_login(request.studio.strip(), address)
        credential = None
        if found is not None:
            with self._units.sessions.unlocked(found[0]) as session:
                credential = Sessions(session).credential(*found)
        known_hash = None if credential is None else credential.password_hash
        right = self._passwords.is_right(known_hash, request.password)
        if found is None or credential is None or not right or credential.disabled_at is not None:
            self._note_failure(found, visitor)
            raise SignInFailed
        assert known_hash is not None, "a right password has a hash"
        stronger = self._passwords.rehashed(known_hash, request.password)
        proof = self._proven_device(found[0], request.device_proof)
        with self._units.transaction(found[0]) as (unit, _):
            if stronger is not None:
                Sessions(unit.session).keep_rehashed(*found, password_hash=stronger)
            return self._open(
                unit, TenantId(found[0]), credential, visitor, device=(proof, request.device_name)
            )

    def set_up(self, request: SetUpRequest, visitor: Visitor) -> SessionAnswer:
        """First password by a ``staff_setup`` link, and sign in; raises LinkEnded, PasswordTooWeak."""
        self._limits.hit("sign_in_ip", visitor.ip)
        step = self.setting_password(
            request.token, request.password, LinkPurpose.STAFF_SETUP, visitor=visitor
        )
        with step as (unit, tenant_id, credential):
            return self._open(unit, tenant_id, credential, visitor, device=(None, request.device_name))

    def refresh(self, refresh_token: str, visitor: Visitor) -> SessionAnswer:
        """The next tokens; a repeat within a minute gives the same. Raises SignIn, SessionReused."""
        found = self._across.find_session(token_sha256(refresh_token))
        if found is None:
            raise SignIn
        tenant_id, session_id = TenantId(found[0]), found[1]
        self._limits.hit("refresh_session", str(session_id))
        with self._units.sessions.unlocked(tenant_id) as session:
            sessions, now = Sessions(session), tenant_lock.machine_now(session)
            row = sessions.find(tenant_id, session_id, lock=True)
            assert row is not None, "the look-up found it"
            check_alive(row.state)
            if row.sv != row.member_sv or row.expires_at <= now:
                raise SignIn
            if row.rotated_at is None:
                sessions.rotate(tenant_id, row.id, at=now)
                answer = self._next_generation(sessions, tenant_id, row, visitor, now=now)
            elif now - row.rotated_at <= REPEAT_WITHIN:
                answer = self._same_successor(sessions, tenant_id, row)
            else:  # somebody else has the token
                answer = None
                sessions.revoke_family(tenant_id, row.family_id, reason=REUSED, at=now)
                AuditLog(session).add(
                    tenant_id, [_audit("session.reused", row.user_id, visitor, row.device_id)]
                )
        if answer is None:
            log.warning("session_reused", tenant_id=str(tenant_id), session_id=str(session_id))
            raise SessionReused
        return answer

    def sign_out(self, staff: StaffSession, visitor: Visitor) -> None:
        """End this sign-in."""
        with self._units.sessions.unlocked(staff.tenant_id) as session:
            at = tenant_lock.machine_now(session)
            Sessions(session).revoke_family(staff.tenant_id, staff.family_id, reason="signed out", at=at)
            row = _audit("session.signed_out", staff.user_id, visitor, staff.device_id)
            AuditLog(session).add(staff.tenant_id, [row])

    @contextmanager
    def setting_password(
        self, raw_token: str, password: str, purpose: LinkPurpose, *, visitor: Visitor
    ) -> Iterator[tuple[UnitOfWork, TenantId, Credential]]:
        """Spend a link and set the password, in one transaction with what the caller does in it.

        Every earlier session of the person ends. Raises LinkEnded, PasswordTooWeak, Busy.
        """
        grant = self._links.find(raw_token)
        if grant is None or grant.purpose is not purpose:
            raise LinkEnded
        tenant_id, member_id = grant.tenant_id, grant.row.subject_id
        with self._units.reading(tenant_id) as (unit, now):
            credential = Sessions(unit.session).credential(tenant_id, member_id)
            if credential is None or credential.disabled_at is not None or not grant.row.is_valid(now):
                raise LinkEnded
            code = unit.studios.settings(tenant_id).code
        # slow on purpose, so outside the lock
        password_hash = self._passwords.hash_new(password, studio_code=code, email=credential.email)
        with self._units.transaction(tenant_id) as (unit, _):
            self._links.spend(unit, grant, ip=visitor.ip)
            sessions, at = Sessions(unit.session), tenant_lock.machine_now(unit.session)
            sessions.set_password(tenant_id, member_id, password_hash=password_hash, at=at)
            sessions.revoke_of_user(tenant_id, member_id, reason="password changed", at=at)
            AuditLog(unit.session).add(tenant_id, [_audit("password.set", member_id, visitor, None)])
            credential = sessions.credential(tenant_id, member_id)
            assert credential is not None, "it was there a moment ago"
            yield unit, tenant_id, credential

    def open_on(
        self, unit: UnitOfWork, staff: StaffSession, device_id: UUID, *, visitor: Visitor
    ) -> SessionAnswer:
        """The same person on another id of their computer, under the studio's lock."""
        credential = Sessions(unit.session).credential(staff.tenant_id, staff.user_id)
        assert credential is not None, "a session belongs to a member"
        return self._open(unit, staff.tenant_id, credential, visitor, device=(device_id, ""))

    # --- inside ---------------------------------------------------------------------------------------------

    def _open(
        self,
        unit: UnitOfWork,
        tenant_id: TenantId,
        credential: Credential,
        visitor: Visitor,
        *,
        device: tuple[UUID | None, str],
    ) -> SessionAnswer:
        sessions, now = Sessions(unit.session), tenant_lock.machine_now(unit.session)
        device_id, device_name = device
        if device_id is None:
            device_id = new_id()
            Devices(unit.session).add(tenant_id, device_id, name=device_name, last_seen_at=now)
        sessions.revoke_of_device(
            tenant_id, device_id, reason="signed in again", at=now, user_id=credential.member_id
        )
        audit = _audit("session.signed_in", credential.member_id, visitor, device_id)
        AuditLog(unit.session).add(tenant_id, [audit])
        person = _Person(credential.member_id, credential.name, credential.role, credential.sv)
        return self._add_generation(sessions, tenant_id, person, visitor, place=(device_id, new_id(), 0, now))

    def _next_generation(
        self, sessions: Sessions, tenant_id: TenantId, row: SessionRow, visitor: Visitor, *, now: datetime
    ) -> SessionAnswer:
        person = _Person(row.user_id, row.member_name, row.member_role, row.member_sv)
        place = (row.device_id, row.family_id, row.generation + 1, now)
        return self._add_generation(sessions, tenant_id, person, visitor, place=place)

    def _add_generation(
        self,
        sessions: Sessions,
        tenant_id: TenantId,
        person: "_Person",
        visitor: Visitor,
        *,
        place: tuple[UUID, UUID, int, datetime],
    ) -> SessionAnswer:
        device_id, family_id, generation, now = place
        session_id = new_id()
        refresh_token = self._refresh.make(family_id, generation)
        sessions.add(
            tenant_id,
            {
                "id": session_id,
                "user_id": person.id,
                "device_id": device_id,
                "family_id": family_id,
                "generation": generation,
                "refresh_sha256": token_sha256(refresh_token),
                "sv": person.sv,
                "created_at": now,
                "expires_at": now + SESSION_LIFETIME,
                "last_seen_at": now,
                "ip": visitor.ip,
            },
        )
        return self._answer(tenant_id, person, session_id, device_id=device_id, refresh_token=refresh_token)

    def _same_successor(self, sessions: Sessions, tenant_id: TenantId, row: SessionRow) -> SessionAnswer:
        successor = sessions.successor(tenant_id, row.family_id, row.generation)
        if successor is None or successor.revoked_at is not None:
            raise SignIn
        token = self._refresh.rebuild(
            successor.family_id, successor.generation, sha256=successor.refresh_sha256
        )
        if token is None:
            raise SignIn
        person = _Person(row.user_id, row.member_name, row.member_role, row.member_sv)
        return self._answer(
            tenant_id, person, successor.id, device_id=successor.device_id, refresh_token=token
        )

    def _answer(
        self,
        tenant_id: TenantId,
        person: "_Person",
        session_id: UUID,
        *,
        device_id: UUID,
        refresh_token: str,
    ) -> SessionAnswer:
        token, expires_at = self._access.issue(
            AccessClaims(tenant_id, session_id, device_id, person.id, person.sv)
        )
        return SessionAnswer(
            access_token=token,
            access_expires_at=expires_at,
            refresh_token=refresh_token,
            tenant_id=tenant_id,
            device_id=device_id,
            user_id=person.id,
            user_name=person.name,
            role=person.role,
        )

    def _proven_device(self, tenant_id: UUID, proof: str | None) -> UUID | None:
        """The device that had this refresh token, unless it was removed or the token was stolen."""
        found = None if proof is None else self._across.find_session(token_sha256(proof))
        if found is None or found[0] != tenant_id:
            return None
        with self._units.sessions.unlocked(tenant_id) as session:
            row = Sessions(session).find(tenant_id, found[1])
            now = tenant_lock.machine_now(session)
        if row is None or row.device_status != "active" or row.revoke_reason == REUSED:
            return None
        return row.device_id if row.created_at > now - PROOF_LIFETIME else None

    def _note_failure(self, found: tuple[UUID, UUID] | None, visitor: Visitor) -> None:
        log.info("sign_in_failed", known=found is not None)
        if found is None:
            return
        with self._units.sessions.unlocked(found[0]) as session:
            AuditLog(session).add(found[0], [_audit("session.sign_in_failed", found[1], visitor, None)])


@dataclass(frozen=True)
class _Person:
    id: UUID
    name: str
    role: Role
    sv: int


def _audit(action: str, member_id: UUID, visitor: Visitor, device_id: UUID | None) -> AuditRow:
    return AuditRow(
        actor=ActorKind.STAFF,
        actor_id=member_id,
        device_id=device_id,
        action=action,
        entity="member",
        entity_id=member_id,
        request_id=visitor.request_id,
        ip=visitor.ip,
    )

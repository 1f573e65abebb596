"""A practice studio whose customers come with links: the whole server, and browsers without scripts."""

import hashlib
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, time
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa
from pydantic import SecretStr

from shared.ids import TenantId, new_id
from shared.models.act import Act, Actor, ActorKind, Role
from shared.models.booking import Booking
from shared.models.payment import PaymentStage
from shared.models.slot import Slot
from shared.policies.cancellation import CancellationPolicy, CancellationTier
from shared.ports import PaymentAccount
from shared.services.operations import carry_out, find_operation
from shared.sync_protocol.operations import SlotArgs
from sync_server.adapters.key_file import make_key_file
from sync_server.adapters.password_hasher import Argon2Hasher
from sync_server.bootstrap import Overrides, Server, build
from sync_server.repositories.payment_accounts import PaymentAccounts
from sync_server.services.document_files import FileKind
from sync_server.web.serving import WebServer, open_port
from tests.gateways.emulator_process import Emulator
from tests.postgres_cluster import Database
from tests.sync_server.conftest import PASSWORDS
from tests.sync_server.running_server import local_client, server_settings
from tests.sync_server.studio_house import StudioHouse

LOGO = Path(__file__).resolve().parents[3] / "resources" / "practice" / "bella_weddings.jpg"
_FORM = re.compile(r'<form[^>]*action="(?P<action>[^"]*)"[^>]*>(?P<inside>.*?)</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def forms_of(page: str) -> list[tuple[str, dict[str, str]]]:
    """Where each form of a page posts to, with its hidden fields."""
    return [
        (
            found["action"],
            {name: unescape(value) for name, value in _HIDDEN.findall(found["inside"])},
        )
        for found in _FORM.finditer(page)
    ]


@dataclass
class Browser:
    """Somebody's browser without scripts: it keeps cookies and follows redirects."""

    client: httpx.Client
    last: httpx.Response | None = None

    def get(self, path: str) -> httpx.Response:
        self.last = self.client.get(path)
        return self.last

    def form(self, action: str, **hidden: str) -> dict[str, str]:
        """The hidden fields of the form on the present page that posts there."""
        assert self.last is not None
        for found, fields in forms_of(self.last.text):
            if found == action and all(fields.get(name) == value for name, value in hidden.items()):
                return fields
        raise AssertionError(f"no form to {action} on\n{self.last.text}")

    def press(self, action: str, *, fields: Mapping[str, str] | None = None, **hidden: str) -> httpx.Response:
        """Fill the form in and press its button."""
        data = self.form(action, **hidden) | dict(fields or {})
        self.last = self.client.post(action, data=data)
        return self.last


@dataclass
class LinkRoom:
    """The studio and its server."""

    server: Server
    house: StudioHouse
    base_url: str
    clients: list[httpx.Client]

    @property
    def tenant_id(self) -> TenantId:
        return self.house.tenant_id

    def browser(self) -> Browser:
        """A new browser that knows nothing yet; it names its origin as browsers do."""
        client = local_client(self.base_url)
        client.headers["Origin"] = self.base_url
        client.follow_redirects = True
        self.clients.append(client)
        return Browser(client)

    def do(self, name: str, args: Mapping[str, Any]) -> None:
        """Carry an operation out as the owner."""
        operation = find_operation(name, 1)
        assert operation is not None
        with self.server.ground.units.transaction(self.tenant_id) as (unit, now):
            actor = Actor(ActorKind.STAFF, self.house.owner_id, Role.OWNER)
            carry_out(unit, Act(self.tenant_id, actor, now, new_id()), operation, args=args)

    def a_booking(self, day: date = date(2027, 9, 11), *, resource_id: UUID | None = None) -> UUID:
        booking_id = new_id()
        slot = Slot(day, time(14), day, time(23, 30), "Europe/Paris")
        self.do(
            "booking.create",
            {
                "id": str(booking_id),
                "customer_id": str(self.house.customer_id),
                "package_id": str(self.house.package_id),
                "slot": SlotArgs.of(slot).model_dump(mode="json"),
                "resource_ids": [str(resource_id or self.house.resource_id)],
                "place": "Château d’Écouen",
            },
        )
        return booking_id

    def link(self, purpose: str, subject_id: UUID) -> str:
        """The path of the mailed link."""
        with self.server.ground.units.transaction(self.tenant_id) as (unit, now):
            booking = unit.bookings.find(self.tenant_id, subject_id)
            customer = unit.customers.get(
                self.tenant_id, booking.customer_id if booking is not None else self.house.customer_id
            )
            mailed = self.server.ground.link_terms.mailed(
                unit, self.tenant_id, purpose, subject_id=subject_id, email=customer.email, now=now
            )
        assert mailed.url.startswith(self.base_url)
        return mailed.url.removeprefix(self.base_url)

    def booking(self, booking_id: UUID) -> Booking:
        with self.server.ground.units.reading(self.tenant_id) as (unit, _):
            return unit.bookings.get(self.tenant_id, booking_id)

    def stages(self, booking_id: UUID) -> list[PaymentStage]:
        with self.server.ground.units.reading(self.tenant_id) as (unit, _):
            return unit.stages.of_booking(self.tenant_id, booking_id)

    def tokens(self, subject_id: UUID) -> list[dict[str, Any]]:
        """Every link row of a subject."""
        return self.rows(
            "SELECT * FROM action_token WHERE subject_id = :id ORDER BY created_at", id=subject_id
        )

    def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        with self.server.ground.units.sessions.unlocked(self.tenant_id) as session:
            return [dict(row) for row in session.execute(sa.text(query), values).mappings()]

    def change(self, statement: str, **values: object) -> None:
        with self.server.ground.units.sessions.locked(self.tenant_id) as session:
            session.execute(sa.text(statement), values)

    def pay(self, stage_id: UUID) -> None:
        """By its link, at once."""
        browser = self.browser()
        browser.get(self.link("pay", stage_id))
        answer = browser.press("/pay/start", fields={"card": "pm_card_visa"})
        assert "Thank you" in answer.text, answer.text


@contextmanager
def served_room(database: Database, folder: Path, emulator: Emulator, **more: object) -> Iterator[LinkRoom]:
    """The studio on a server that listens, with ``more`` settings; no job runs in the background."""
    listening = open_port("127.0.0.1", 0)
    base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings = server_settings(
        database,
        folder,
        PASSWORDS,
        public_base_url=base_url,
        stripe_api_base=emulator.base_url,
        stripe_api_key=SecretStr(emulator.api_key),
        stripe_webhook_secret=SecretStr(emulator.webhook_secret),
        **more,
    )
    make_key_file(settings.keys_file)
    hasher = Argon2Hasher(memory_kib=8, passes=1, lanes=1)
    with listening, closing(build(settings, Overrides(hasher=hasher, jobs=False))) as server:
        web = WebServer(server.app, listening)
        thread = threading.Thread(target=web.run, name="web server")
        thread.start()
        clients: list[httpx.Client] = []
        try:
            yield furnish(server, base_url=base_url, clients=clients)
        finally:
            for client in clients:
                client.close()
            web.stop()
            thread.join()


def furnish(server: Server, *, base_url: str, clients: list[httpx.Client]) -> LinkRoom:
    """A studio that shows its brand, takes practice cards and lets customers change their minds."""
    house = StudioHouse(server.ground.units).open()
    room = LinkRoom(server, house, base_url, clients)
    policy = CancellationPolicy(
        currency="EUR",
        tiers=(CancellationTier(31, 0), CancellationTier(0, 20)),
        move_until_days_before=1,
    )
    logo = LOGO.read_bytes()
    with server.ground.units.transaction(room.tenant_id) as (unit, _):
        studio = unit.studios.settings(room.tenant_id)
        studio.practice, studio.name = True, "Bella Weddings"
        studio.phone, studio.email = "01 99 00 42 17", "hello@bellaweddings.example"
        studio.street, studio.postal_city = "14 rue des Tilleuls", "95440 Écouen"
        studio.country, studio.policy, studio.tax_percent = "France", policy.to_json(), "20"
        studio.logo_sha256 = hashlib.sha256(logo).hexdigest()
        unit.packages.get(room.tenant_id, house.package_id).tax_percent = "20"
        account = PaymentAccount(
            room.tenant_id, f"acct_practice_{room.tenant_id.hex[:16]}", f"fake:{room.tenant_id}"
        )
        PaymentAccounts(unit.session).install(room.tenant_id, account, livemode=False, mode="practice")
    server.ground.files.put(room.tenant_id, hashlib.sha256(logo).hexdigest(), data=logo, kind=FileKind.BLOB)
    return room

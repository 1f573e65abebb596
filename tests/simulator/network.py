"""The wire of one history: it loses, delays and repeats, and it never raises."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from desktop.sync.exchange import Answer, Request
from shared.sync_protocol.numbers import LeaseAnswer, LeaseRequest
from tests.simulator.faults import Crash, lateness_s
from tests.simulator.server import LEASE, Letter, Reply

if TYPE_CHECKING:
    from tests.simulator.device import SimDevice
    from tests.simulator.world import World

LATENCY_S: Final = (0.02, 1.5)
_UNREACHABLE_S: Final = 0.5


@dataclass(frozen=True)
class _Sent:
    """A request, the process that sent it, and when that process gives up."""

    device: "SimDevice"
    life: int
    request: Request
    letter: Letter
    gives_up_at_s: float


class Network:
    """Between every device and the server."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.under_way = 0
        """Messages that will still arrive somewhere."""

    def send(self, device: "SimDevice", request: Request) -> None:
        """Take a request over; something comes back to the device, if only that nothing came."""
        world, rates = self._world, self._world.rates
        letter = device.letter(request)
        sent = _Sent(device, device.life, request, letter, world.at_s + request.timeout_s)
        if device.is_offline:
            self._later(_UNREACHABLE_S, lambda: self._hand_over(sent, None))
            return
        if world.chance(rates.request_dropped):
            world.hit("request sent, server not reached")
            self._give_up(sent)
        else:
            delay_s = self._delay_s()
            if delay_s > request.timeout_s:
                self._give_up(sent)
            self._later(delay_s, lambda: self._reach_server(sent))
        if world.chance(rates.duplicated):
            self._later(lateness_s(world.dice), lambda: self._reach_server(sent))

    def ask_now(self, device: "SimDevice", wish: LeaseRequest) -> LeaseAnswer | None:
        """A person waits for a number, two seconds long."""
        world, rates = self._world, self._world.rates
        if device.is_offline or world.chance(rates.request_dropped):
            return None
        body = wish.model_dump_json().encode()
        letter = Letter(device.plan.tenant_id, device.id, device.sitting, LEASE, body)
        reply = self._serve(letter, "lease")
        if reply is None or reply.status != HTTPStatus.OK or world.chance(rates.answer_dropped):
            return None
        return LeaseAnswer.model_validate_json(reply.body)

    def _reach_server(self, sent: _Sent) -> None:
        world, rates = self._world, self._world.rates
        call = sent.request.call.value
        reply = self._serve(sent.letter, call)
        is_lost = reply is None or world.chance(rates.answer_dropped)
        delay_s = self._delay_s()
        if world.at_s <= sent.gives_up_at_s and (is_lost or world.at_s + delay_s > sent.gives_up_at_s):
            self._give_up(sent)
        if is_lost:
            world.hit(f"server decided, answer lost: {call}")
            return
        self._later(delay_s, lambda: self._hand_over(sent, reply))
        if world.chance(rates.duplicated):
            self._later(lateness_s(world.dice), lambda: self._hand_over(sent, reply))

    def _serve(self, letter: Letter, call: str) -> Reply | None:
        """The server's word; None where its process ended, before its commit or after."""
        world = self._world
        server = world.server
        reply: Reply | None = None
        lines = len(server.journal.lines)
        if not world.chance(world.rates.server_crash):
            reply = server.serve(letter)
        else:
            try:
                with server.database.fuse.lit(world.dice):
                    server.serve(letter)
                world.hit(f"server ended after its commit: {call}")
            except Crash:
                world.hit(f"server ended before its commit: {call}")
                if len(server.journal.lines) > lines:
                    world.hit("journal written, before the lease commits")
        world.note("served", call, letter.device_id, letter.body, None if reply is None else reply.body)
        head = world.watch.server_moved(letter.tenant_id)
        if head is not None:
            world.poke(letter.tenant_id, head)
        return reply

    def _hand_over(self, sent: _Sent, reply: Reply | None) -> None:
        device = sent.device
        if device.life != sent.life:
            return  # the process that asked has ended, and its connection with it
        answer = Answer(sent.request.serial, None)
        if reply is not None and not device.is_offline:
            answer = Answer(
                sent.request.serial, reply.status, reply.body, reply.encoding, reply.retry_after_s
            )
        device.hear(sent.request.call, answer)

    def _give_up(self, sent: _Sent) -> None:
        wait_s = max(0.0, sent.gives_up_at_s - self._world.at_s)
        self._later(wait_s, lambda: self._hand_over(sent, None))

    def _delay_s(self) -> float:
        world = self._world
        if world.chance(world.rates.late):
            return lateness_s(world.dice)
        return world.dice.uniform(*LATENCY_S)

    def _later(self, wait_s: float, what: Callable[[], None]) -> None:
        self.under_way += 1

        def arrive() -> None:
            self.under_way -= 1
            what()

        self._world.later(wait_s, arrive, is_message=True)

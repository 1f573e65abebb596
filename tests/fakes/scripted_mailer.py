"""A mail server that answers as a test wrote down, and remembers what reached it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.ports import MailSession, OutgoingMail

Step = Exception | Callable[[], None] | None
"""What happens at one step: an exception, a deed in between, or nothing special."""


@dataclass
class ScriptedMailer:
    """Implements shared.ports.Mailer; each list is used up from its beginning, then all goes well."""

    connecting: list[Step] = field(default_factory=list)
    addressing: list[Step] = field(default_factory=list)
    handing: list[Step] = field(default_factory=list)
    """Before the answer to a body; the body has arrived by then if ``arrives``."""
    knows: bool | None = None
    """What ``look_up`` answers."""
    arrives: bool = True
    at_once: int = 1
    arrived: list[OutgoingMail] = field(default_factory=list)
    addressed: list[OutgoingMail] = field(default_factory=list)

    def connect(self) -> MailSession:
        """Open a conversation."""
        _play(self.connecting)
        return _ScriptedSession(self)

    def look_up(self, mail: OutgoingMail) -> bool | None:
        """As scripted."""
        del mail
        return self.knows

    def message_ids(self) -> list[str]:
        """Of the bodies that arrived."""
        return [mail.message_id for mail in self.arrived]


@dataclass
class _ScriptedSession:
    mailer: ScriptedMailer

    def address(self, mail: OutgoingMail) -> None:
        _play(self.mailer.addressing)
        self.mailer.addressed.append(mail)

    def send_body(self, mail: OutgoingMail) -> str:
        if self.mailer.arrives:
            self.mailer.arrived.append(mail)
        _play(self.mailer.handing)
        return f"provider-{len(self.mailer.arrived)}"

    def close(self) -> None:
        pass


def _play(script: list[Step]) -> None:
    step = script.pop(0) if script else None
    if isinstance(step, Exception):
        raise step
    if step is not None:
        step()


def scripted_at(stage: str, step: Step) -> ScriptedMailer:
    """A mailer on which one thing happens at ``connecting``, ``addressing`` or ``handing``."""
    mailer = ScriptedMailer()
    {"connecting": mailer.connecting, "addressing": mailer.addressing, "handing": mailer.handing}[
        stage
    ].append(step)
    return mailer


def times(step: Exception, count: int) -> list[Step]:
    """The same answer several times."""
    return [step] * count

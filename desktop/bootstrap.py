"""Wires the desktop: settings, store, writer, desk, sync, screens. The only place where all of them meet."""

import platform
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol
from uuid import UUID

import structlog
from pydantic import ValidationError

from desktop.commands.desk import Desk
from desktop.commands.invoices import InvoiceDesk, NumberOffice
from desktop.local_store.engine import READERS
from desktop.local_store.opening import OpenStore, open_store
from desktop.local_store.practice_place import PracticePlace, SetUpLink, practice_password
from desktop.local_store.sync_state import find_state, read_state
from desktop.presenting.sync_words import SyncState
from desktop.qt.application import Application
from desktop.qt.background.acting import Acting
from desktop.qt.background.announcer import Announcer
from desktop.qt.background.reading import Reading
from desktop.qt.background.sync_watcher import SyncWatcher
from desktop.qt.background.task_runner import TaskRunner
from desktop.qt.background.writer_thread import WriterThread
from desktop.qt.dialogs.sign_in_dialog import Credentials
from desktop.qt.failure_box import show_failure
from desktop.qt.first_run_window import FirstRunWindow
from desktop.qt.main_window import MainWindow
from desktop.qt.pages.sign_in import SignInDraft
from desktop.qt.studio_window import StudioWindow
from desktop.qt.workbench import Workbench
from desktop.queries.rows import StudioFacts
from desktop.queries.studio import studio_facts
from desktop.settings import APP_VERSION, DesktopSettings, server_address
from desktop.sync.client import ServerClient
from desktop.sync.cycle import Cycle
from desktop.sync.files import Files, FileTransport
from desktop.sync.joining import find_copy, join
from desktop.sync.loop import Listeners, LiveTransport, SyncLoop
from desktop.sync.tokens import SignedIn, Tokens
from shared.clock import Clock, ShiftedClock, SystemClock
from shared.errors import DomainError, SignInFailed
from shared.sync_protocol.sessions import SetUpRequest, SignInRequest

log = structlog.get_logger()

_SERVER: Final = "server_url"


class Line(LiveTransport, FileTransport, NumberOffice, Protocol):
    """All that the desktop asks of the way to its server; tests and the tour cut and restore it."""

    def set_up(self, wish: SetUpRequest) -> SignedIn:
        """Spend a set-up link."""
        ...

    def sign_in(self, wish: SignInRequest) -> SignedIn:
        """Sign in with a password."""
        ...

    def cut(self) -> None:
        """No network from now on."""
        ...

    def restore(self) -> None:
        """The network is back."""
        ...

    def close(self) -> None:
        """End every connection."""
        ...


Dial = Callable[[str, Tokens], Line]
"""Makes the line to a server by its address."""


@dataclass(frozen=True, slots=True)
class Wire:
    """One server, as this computer speaks with it."""

    server_url: str
    line: Line
    cycle: Cycle
    loop: SyncLoop


class Desktop:
    """The running program. ``window`` is the studio's, or that of the first run until a studio is here."""

    def __init__(
        self, settings: DesktopSettings, application: Application, *, clock: Clock, dial: Dial
    ) -> None:
        """Raises what :func:`open_store` raises."""
        self.settings, self.application = settings, application
        self._opened: OpenStore = open_store(settings)
        self._dial = dial
        self._wire: Wire | None = None
        self._has_begun = self._is_closed = False
        self._shown: SyncState | None = None
        self.store, self.secrets = self._opened.store, self._opened.secrets
        self.clock = ShiftedClock(clock)
        self.tokens = Tokens(self.secrets)
        self.writer = WriterThread()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self.runner = TaskRunner(self._readers)
        self.announcer = Announcer()
        self.watcher = SyncWatcher()
        self.desk = self._new_desk()
        self.studio: StudioWindow | None = None
        self.first_run: FirstRunWindow | None = None
        self.runner.failed.connect(self._show_failure)
        self.watcher.broke.connect(self._show_failure)
        self.watcher.shown.connect(self._show_sync)

    @property
    def window(self) -> MainWindow:
        """The studio's window; asked for before the studio is here, it fails."""
        assert self.studio is not None, "the studio's rows have not come yet"
        return self.studio.window

    @property
    def transport(self) -> Line:
        """The line to the server: ``cut()`` and ``restore()`` are for the tour and tests."""
        return self._known_wire.line

    @property
    def loop(self) -> SyncLoop:
        """The sync loop; ``sync_now()`` runs a whole round."""
        return self._known_wire.loop

    @property
    def invoices(self) -> InvoiceDesk:
        """Drafts, issued documents and their bytes."""
        return InvoiceDesk(self.desk, self._opened.numbers, self._opened.blobs, office=self.transport)

    @property
    def is_joined(self) -> bool:
        """Whether the store belongs to a studio and somebody sits here."""
        with self.store.reading() as connection:
            return find_state(connection) is not None and self.tokens.user_id is not None

    # --- server and session -------------------------------------------------------------------------------

    def connect(self, server_url: str) -> Wire:
        """Make the line and what works over it; nothing is sent yet. The address is kept."""
        if self._wire is not None and self._wire.server_url == server_url:
            return self._wire
        opened, dice = self._opened, random.Random()  # noqa: S311 - it spreads waiting times
        line = self._dial(server_url, self.tokens)
        cycle = Cycle(self.store, opened.numbers, self.clock, dice=dice)
        loop = SyncLoop(
            cycle,
            line,
            self.writer,
            files=Files(self.store, opened.blobs, line, writer=self.writer),
            listeners=Listeners(self.announcer.announce, self.watcher.show, self.watcher.report),
            dice=dice,
        )
        self.secrets.put(_SERVER, server_url)
        self._wire = Wire(server_url, line, cycle, loop)
        return self._wire

    def set_up(self, link: SetUpLink, password: str) -> None:
        """Spend a set-up link. Raises LinkEnded, PasswordTooWeak, Busy, OtherStudio."""
        wish = SetUpRequest(token=link.token, password=password, device_name=device_name())
        self._join(self.connect(link.server_url).line.set_up(wish))

    def sign_in(self, server_url: str, wish: SignInRequest) -> UUID:
        """Sign in with a password; who it is. Raises AddressInvalid, SignInFailed, Busy, OtherStudio."""
        who = self.connect(server_address(server_url)).line.sign_in(wish)
        self._join(who)
        return who.user_id

    def _join(self, who: SignedIn) -> None:
        self.writer.submit(join, self.store, who, mark=self._opened.mark).result()

    def begin(self) -> None:
        """Who signed in sits down, and sync starts."""
        user_id, wire = self.tokens.user_id, self._known_wire
        assert user_id is not None, "somebody has signed in"
        self.desk.sit_down(user_id)
        copied = find_copy(self.store, mark=self._opened.mark) is not None
        if not copied and not self._opened.numbers_honest:
            wire.cycle.begin_rebuild("mark")  # an older copy of the store was put back
        wire.loop.start()
        self._has_begun = True

    def fetch_studio(self) -> None:
        """Wait for the first rows of a new store, at most as long as one round takes."""
        if self._find_studio() is None:
            self.loop.sync_now()

    # --- windows ------------------------------------------------------------------------------------------

    def open_window(self, *, link: str = "", trouble: str = "") -> None:
        """Show the studio, or the first run as long as there is none."""
        facts = self._find_studio()
        if facts is None:
            self.first_run = FirstRunWindow(
                self.application.theme,
                link=link,
                server_url=self._wire.server_url if self._wire is not None else "",
                practice=self.settings.practice,
            )
            self.first_run.page.show_trouble(trouble)
            self.first_run.set_up.set_up_wanted.connect(self._set_up_wanted)
            self.first_run.sign_in.sign_in_wanted.connect(self._sign_in_wanted)
            self.first_run.show()
            log.info("window_opened", window="first_run")
            return
        self.application.theme.set_brand(facts.brand_color)
        studio = self.studio = StudioWindow(self._workbench(facts), signed_in=self._sit_down_again)
        studio.window.sync_requested.connect(self.loop.wake)
        studio.window.sign_in_requested.connect(studio.signing_in.begin)
        self.runner.busy.connect(studio.window.status_bar.show_busy)
        self.runner.idle.connect(studio.window.status_bar.show_idle)
        studio.window.status_bar.cancel_clicked.connect(self.runner.cancel_oldest)
        studio.show_sync(self.loop.state)
        studio.window.show()
        log.info("window_opened", window="studio")
        if self.first_run is not None:
            self.first_run.close()
            self.first_run = None

    def close(self) -> None:
        """End everything in order: window, line, loop, readers, writer, store. A repetition does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self.close_windows()
        self.runner.stop_telling()
        if self._wire is not None:
            self._wire.line.close()
        if self._has_begun:
            self.loop.stop()
        self._readers.shutdown()
        self.writer.shutdown()
        self.store.close()
        if self.studio is not None:
            self.studio.leave()
        if self.first_run is not None:
            self.first_run.deleteLater()

    def close_windows(self) -> None:
        """As a person would; unsaved edits are asked about."""
        for window in (self.first_run, self.studio.window if self.studio is not None else None):
            if window is not None:
                window.close()

    @property
    def _known_wire(self) -> Wire:
        assert self._wire is not None, "the server is known"
        return self._wire

    def _find_studio(self) -> StudioFacts | None:
        user_id = self.tokens.user_id
        with self.store.reading() as connection:
            state = find_state(connection)
            if state is None:
                return None
            return studio_facts(connection, state.tenant_id, user_id=user_id, device_name=device_name())

    def _workbench(self, facts: StudioFacts) -> Workbench:
        with self.store.reading() as connection:
            tenant_id = read_state(connection).tenant_id
        return Workbench(
            theme=self.application.theme,
            studio=facts,
            tenant_id=tenant_id,
            user_id=self.desk.user_id,
            clock=self.clock,
            reading=Reading(self.store, self.runner),
            acting=Acting(self.desk, self.writer, runner=self.runner, announcer=self.announcer),
            runner=self.runner,
            announcer=self.announcer,
            invoices=self.invoices,
            numbers=self._opened.numbers,
            key_file=self.secrets.is_file,
            failed=self._show_failure,
            sign_in=partial(self._sign_in_again, facts.code),
        )

    def _new_desk(self) -> Desk:
        return Desk(self.store, self.clock, on_queued=self._queued)

    def _queued(self) -> None:
        self.loop.on_queued()

    def _set_up_wanted(self, pasted: str, password: str) -> None:
        def work() -> None:
            self.set_up(SetUpLink.read(pasted), password or practice_password(self.secrets))

        assert self.first_run is not None, "its page asks"
        self.runner.run(work, lambda _: self.begin(), on_failed=self.first_run.page.show_failure)

    def _sign_in_wanted(self, draft: SignInDraft) -> None:
        def work() -> UUID:
            return self.sign_in(draft.server_url, _sign_in_request(draft.studio, draft.email, draft.password))

        assert self.first_run is not None, "its page asks"
        self.runner.run(work, lambda _: self.begin(), on_failed=self.first_run.page.show_failure)

    def _sign_in_again(self, code: str, given: Credentials) -> UUID:
        wish = _sign_in_request(code, given.email, given.password)
        return self.sign_in(self._known_wire.server_url, wish)

    def _sit_down_again(self, user_id: UUID) -> None:
        """Sync goes on at once; another person gets a desk and a window of their own."""
        self.loop.wake()
        if user_id == self.desk.user_id:
            return
        self.desk = self._new_desk()  # what the window that is left still does is of who sat there
        self.desk.sit_down(user_id)
        if self.studio is not None:
            left, self.studio = self.studio, None
            self.open_window()  # the first run's, until the row of who has just joined the studio is here
            left.leave()

    def _show_sync(self, state: SyncState) -> None:
        if self._is_closed or state == self._shown:
            return
        self._shown = state
        log.info("sync_shown", phase=state.phase.value, waiting=state.waiting)
        if self.studio is not None:
            self.studio.show_sync(state)
        elif self._find_studio() is not None:
            self.open_window()
        elif self.first_run is not None:
            self.first_run.page.show_progress(state)

    def _show_failure(self, failure: BaseException) -> None:
        window = self.studio.window if self.studio is not None else self.first_run
        if window is not None and not self._is_closed:
            show_failure(self.application.theme, window, failure)


def build(
    settings: DesktopSettings,
    *,
    application: Application | None = None,
    clock: Clock | None = None,
    dial: Dial | None = None,
) -> Desktop:
    """The whole program, its window open. A practice studio is joined by the link its server left.

    Raises what opening the store raises; an unreachable server is no failure: work goes on, or waits for it.
    """
    dial = dial or partial(ServerClient, app_version=APP_VERSION)
    desktop = Desktop(settings, application or Application(), clock=clock or SystemClock(), dial=dial)
    place = PracticePlace.read(settings.folder) if settings.practice else PracticePlace()
    trouble = ""
    try:
        server_url = place.server_url or settings.server_url or desktop.secrets.get(_SERVER)
        if server_url:
            desktop.connect(server_url)
        if not desktop.is_joined and place.set_up_link:
            desktop.set_up(SetUpLink.read(place.set_up_link), practice_password(desktop.secrets))
    except DomainError as refusal:
        log.warning("set_up_failed", code=refusal.code)
        trouble = refusal.sentence
    if desktop.is_joined:
        desktop.begin()
        if settings.practice:
            desktop.fetch_studio()
    desktop.open_window(link=place.set_up_link, trouble=trouble)
    return desktop


def _sign_in_request(studio: str, email: str, password: str) -> SignInRequest:
    """Raises SignInFailed for what no server would take."""
    try:
        return SignInRequest(studio=studio, email=email, password=password, device_name=device_name())
    except ValidationError as cause:
        raise SignInFailed from cause


def device_name() -> str:
    """What this computer is called in the list of devices."""
    return platform.node()[:100] or "This computer"

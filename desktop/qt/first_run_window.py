"""The window before a studio is on this computer: set it up with a link, or sign in."""

from PySide6.QtWidgets import QMainWindow, QStackedWidget

from desktop.qt.pages.first_run import FirstRunPage
from desktop.qt.pages.joining_page import JoiningPage
from desktop.qt.pages.sign_in import SignInPage
from desktop.qt.theme import Theme


class FirstRunWindow(QMainWindow):
    """Shows one of two pages; bootstrap puts the studio's window in its place."""

    def __init__(self, theme: Theme, *, link: str = "", server_url: str = "", practice: bool = False) -> None:
        super().__init__()
        self.setObjectName("firstRunWindow")
        self.setWindowTitle("Daybook")
        self.resize(1440, 868)
        self.setMinimumSize(720, 450)
        self.set_up = FirstRunPage(theme, link=link, practice=practice)
        self.sign_in = SignInPage(theme, server_url=server_url)
        self._stack = QStackedWidget()
        for page in (self.set_up, self.sign_in):
            self._stack.addWidget(page)
        self.set_up.other.clicked.connect(lambda: self._stack.setCurrentWidget(self.sign_in))
        self.sign_in.other.clicked.connect(lambda: self._stack.setCurrentWidget(self.set_up))
        self.setCentralWidget(self._stack)

    @property
    def page(self) -> JoiningPage:
        """The page that is shown."""
        return self.sign_in if self._stack.currentWidget() is self.sign_in else self.set_up

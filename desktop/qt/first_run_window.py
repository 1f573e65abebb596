"""The window before a studio is on this computer: nothing but the first run."""

from PySide6.QtWidgets import QMainWindow

from desktop.qt.pages.first_run import FirstRunPage
from desktop.qt.theme import Theme


class FirstRunWindow(QMainWindow):
    """Shows the page; bootstrap puts the studio's window in its place."""

    def __init__(self, theme: Theme, *, link: str = "", practice: bool = False) -> None:
        super().__init__()
        self.setObjectName("firstRunWindow")
        self.setWindowTitle("Daybook")
        self.resize(1440, 868)
        self.setMinimumSize(720, 450)
        self.page = FirstRunPage(theme, link=link, practice=practice)
        self.setCentralWidget(self.page)

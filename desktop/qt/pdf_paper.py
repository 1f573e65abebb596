"""A PDF on screen and on paper: Qt's own view on the mat, and printing at the printer's resolution."""

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMargins, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from desktop.qt.theme import Theme
from shared.errors import Unavailable

_SIDE_PX = 78
_ABOVE_PX = 16
_STEP = 1.25
_MOST = 4.0
_LEAST = 0.25


class PdfUnreadable(Unavailable):
    """This file cannot be shown. Please report this."""

    code = "pdf_unreadable"


class PrinterSilent(Unavailable):
    """The printer does not answer."""

    code = "printer_silent"


class LoadedPdf:
    """A PDF document of bytes in memory, which live as long as it does."""

    def __init__(self, data: bytes) -> None:
        """Raises PdfUnreadable."""
        self._data = QByteArray(data)
        self._buffer = QBuffer(self._data)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document = QPdfDocument()
        self.document.load(self._buffer)
        if self.document.error() is not QPdfDocument.Error.None_:
            raise PdfUnreadable

    @property
    def page_count(self) -> int:
        """How many pages it has."""
        return self.document.pageCount()

    def close(self) -> None:
        """Let the bytes go."""
        self.document.close()
        self._buffer.close()


class PaperView(QPdfView):
    """Pages on the mat, fit to width until somebody zooms."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._loaded: LoadedPdf | None = None
        self._nothing = QPdfDocument(self)
        self.setDocument(self._nothing)
        self.setPageMode(QPdfView.PageMode.MultiPage)
        self.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.setDocumentMargins(QMargins(_SIDE_PX, _ABOVE_PX, _SIDE_PX, _ABOVE_PX))
        self.setPageSpacing(_ABOVE_PX)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        # a page that just fits beside the bar and not without it would make Qt show and hide it for ever
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName("Document")
        theme.changed.connect(self._tint)
        self._tint()

    @property
    def loaded(self) -> LoadedPdf | None:
        """What is shown."""
        return self._loaded

    def show_pdf(self, data: bytes) -> None:
        """Show another document. Raises PdfUnreadable."""
        loaded = LoadedPdf(data)
        self.setDocument(loaded.document)
        before, self._loaded = self._loaded, loaded
        if before is not None:
            before.close()

    def clear(self) -> None:
        """Show nothing."""
        self.setDocument(self._nothing)
        if self._loaded is not None:
            self._loaded.close()
            self._loaded = None

    def fit(self) -> None:
        """As wide as the view."""
        self.setZoomMode(QPdfView.ZoomMode.FitToWidth)

    def zoom(self, *, closer: bool) -> None:
        """One step closer or farther."""
        factor = self.zoomFactor() * (_STEP if closer else 1 / _STEP)
        self.setZoomMode(QPdfView.ZoomMode.Custom)
        self.setZoomFactor(min(max(factor, _LEAST), _MOST))

    def _tint(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Dark, self._theme.color("mat"))
        self.setPalette(palette)
        self.viewport().update()


def print_pdf(
    data: bytes, printer: QPrinter, *, step: Callable[[int, int], None] = lambda _done, _all: None
) -> None:
    """Print every page at the printer's resolution. Raises PdfUnreadable, PrinterSilent."""
    loaded = LoadedPdf(data)
    painter = QPainter()
    if not painter.begin(printer):
        loaded.close()
        raise PrinterSilent
    options = QPdfDocumentRenderOptions()
    for page in range(loaded.page_count):
        if page:
            printer.newPage()
        area = printer.pageRect(QPrinter.Unit.DevicePixel)
        points = loaded.document.pagePointSize(page)
        scale = min(area.width() / points.width(), area.height() / points.height())
        size = QSize(round(points.width() * scale), round(points.height() * scale))
        painter.drawImage(
            QRectF(0, 0, size.width(), size.height()), loaded.document.render(page, size, options)
        )
        step(page + 1, loaded.page_count)
    painter.end()
    loaded.close()

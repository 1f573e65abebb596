"""One branded invoice as PDF, beside bare reportlab and headless Chromium, warm and launched for each."""

import io
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from shared.invoice_pdf.fonts import bundled_fonts
from shared.invoice_pdf.render import render
from tests.bench.figures import Baseline, Figure, figure, side_by_side
from tests.bench.gates import Gate
from tests.bench.invoice_page import page_of
from tests.chromium import find_chromium
from tests.journeys.tour.pictures import ARGUMENTS
from tests.shared.invoice_pdf.papers import a_number, an_invoice, logo

WARM_GATE, LAUNCH_GATE = 8, 100
BATCH, PAGES = 20, 5


def measure() -> list[Figure]:
    """Milliseconds for one document; ratios of the others' time to ours."""
    jpeg, fonts = logo(), bundled_fonts()
    # other numbers give other payment codes, as one invoice after another does
    papers = [an_invoice(number=a_number(f"BELLAWEDS_2026_{n:03}")) for n in range(1, BATCH + 1)]
    snapshot = papers[0]
    words = [line for fact in snapshot.paper.facts for line in fact]
    for line in snapshot.paper.lines:
        words += [line.title, line.detail, line.amount]

    def ours() -> None:
        for paper in papers:
            render(paper, jpeg, fonts)

    def bare() -> None:
        for _ in range(BATCH):
            _bare_reportlab(words)

    seconds, bare_seconds = side_by_side(ours, bare)
    ms = seconds / BATCH * 1000
    figures = [
        figure(
            "invoice PDF",
            value=ms,
            unit="ms",
            baseline=Baseline("bare reportlab, same words", bare_seconds / BATCH * 1000),
            gate=Gate("told, no gate", holds=True),
            scale="1 page, 3 lines",
        )
    ]
    chromium = find_chromium()
    if chromium is None:
        return figures
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "invoice.html"
        page.write_text(page_of(snapshot.paper), encoding="utf-8")
        return [*figures, _beside_warm(chromium, page, ours), _beside_launched(chromium, page, ours)]


def _beside_warm(chromium: Path, file: Path, ours: Callable[[], None]) -> Figure:
    """A browser that already runs, with its page open."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page()

        def warm() -> None:
            for _ in range(PAGES):
                page.goto(file.as_uri())
                page.pdf(format="A4")

        seconds, warm_seconds = side_by_side(ours, warm)
        browser.close()
    return _against("warm Chromium page", seconds / BATCH, warm_seconds / PAGES, WARM_GATE)


def _beside_launched(chromium: Path, file: Path, ours: Callable[[], None]) -> Figure:
    """A browser that is started for each document."""
    folder = file.parent

    def launched() -> None:
        command = [str(chromium), "--headless", *ARGUMENTS, "--no-pdf-header-footer"]
        command += [
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={folder}/out.pdf",
            file.as_uri(),
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    seconds, launch_seconds = side_by_side(ours, launched)
    return _against("Chromium launched for each", seconds / BATCH, launch_seconds, LAUNCH_GATE)


def _against(name: str, ours_s: float, theirs_s: float, times: int) -> Figure:
    return figure(
        "invoice PDF",
        value=ours_s * 1000,
        unit="ms",
        baseline=Baseline(name, theirs_s * 1000),
        gate=Gate(f"at least {times} times faster", holds=theirs_s / ours_s >= times),
        scale="1 page, 3 lines",
    )


def _bare_reportlab(words: list[str]) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, pageCompression=0)
    canvas.setFont("Helvetica", 10)
    for row, word in enumerate(words):
        canvas.drawString(60, 780 - 14 * row, word.encode("latin-1", "replace").decode("latin-1"))
    canvas.rect(0, 830, 595, 7, fill=1)
    canvas.save()
    return file.getvalue()

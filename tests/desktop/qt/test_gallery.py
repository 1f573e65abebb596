"""Every scene is drawn in both modes without a Qt warning; the files are kept to be looked at."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.qt.theme import Theme
from tests.desktop.qt.gallery import SCENES, a_window, save
from tests.desktop.qt.kit_sheet import KitSheet


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_is_drawn(qtbot: QtBot, theme: Theme, tmp_path: Path, scene: str, dark: bool) -> None:  # noqa: FBT001 - a case
    theme.set_dark(dark=dark)
    window = a_window(theme)
    qtbot.addWidget(window)
    window.show()
    SCENES[scene](window)
    save(window, tmp_path / f"{scene}.png")


@pytest.mark.parametrize("dark", [False, True])
def test_the_kit_is_drawn(qtbot: QtBot, theme: Theme, tmp_path: Path, dark: bool) -> None:  # noqa: FBT001 - a case
    theme.set_dark(dark=dark)
    sheet = KitSheet(theme)
    qtbot.addWidget(sheet)
    sheet.show()
    save(sheet, tmp_path / "kit.png")

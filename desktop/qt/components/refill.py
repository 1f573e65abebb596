"""Takes everything out of a layout, so that it can be filled with other rows."""

from PySide6.QtWidgets import QLayout


def empty(layout: QLayout) -> None:
    """Let every widget of the layout go, those of layouts inside it too."""
    while (item := layout.takeAt(0)) is not None:
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            empty(inner)
        elif widget is not None:
            widget.hide()
            widget.deleteLater()

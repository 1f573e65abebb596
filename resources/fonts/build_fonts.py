# ruff: noqa: INP001 - a script, started by its path
"""Builds the fonts of printed documents from unpacked font packages; README.md beside it names the packages.

Run as ``python resources/fonts/build_fonts.py FOLDER``, where FOLDER holds the sources under their own names.
reportlab embeds TrueType outlines only and knows no OpenType features. So tabular figures become the default
ones, and what is not used (features, hinting) is left out. Scripts whose letters change and move with their
neighbours keep their features: HarfBuzz reads them.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped, import-not-found, unused-ignore] # not a dependency
from fontTools.ttLib import TTFont  # type: ignore[import-untyped, import-not-found, unused-ignore] # not a dependency

PRINT: Final = Path(__file__).parent / "print"

TABULAR: Final = "0123456789.,+−"
"""Characters whose tabular form becomes the default one. The rest of the feature would spoil running text."""

SANS: Final = {
    "Inter-Regular.woff2": ("DaybookSans-Regular.ttf", "Regular"),
    "Inter-SemiBold.woff2": ("DaybookSans-SemiBold.ttf", "SemiBold"),
}
OTHERS: Final = (
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DroidSansFallback.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoSansThai-Bold.ttf",
    "NotoSansEthiopic-Regular.ttf",
)
SHAPED: Final = (
    "NotoSansBengali",
    "NotoSansDevanagari",
    "NotoSansGujarati",
    "NotoSansGurmukhi",
    "NotoSansKannada",
    "NotoSansKhmer",
    "NotoSansMalayalam",
    "NotoSansMyanmar",
    "NotoSansOriya",
    "NotoSansSinhala",
    "NotoSansTamil",
    "NotoSansTelugu",
    "NotoSansThaana",
    "NotoSerifTibetan",
)
"""Of each, the regular and the bold weight."""
WINDOWS: Final = 3
"""The platform whose name records every reader knows."""

KEPT_NAMES: Final = (0, 1, 2, 3, 4, 5, 6, 13, 14)
"""Name records that are embedded with every subset: copyright, names, version, licence."""


def build(sources: Path) -> None:
    """Write every font of the folder ``print`` anew; raises FileNotFoundError for a missing source."""
    PRINT.mkdir(exist_ok=True)
    for source, (target, style) in SANS.items():
        font = TTFont(sources / source)
        _make_figures_tabular(font)
        _rename(font, "Daybook Sans", style)
        _strip(font)
        font.save(PRINT / target)
    for source in OTHERS:
        font = TTFont(sources / source)
        _strip(font)
        font.save(PRINT / source)
    for family in SHAPED:
        for style in ("Regular", "Bold"):
            font = TTFont(sources / f"{family}-{style}.ttf")
            _strip(font, features=["*"])
            font.save(PRINT / f"{family}-{style}.ttf")


def _make_figures_tabular(font: TTFont) -> None:
    tabular = _single_substitutions(font, "tnum")
    wanted = {ord(character) for character in TABULAR}
    for table in font["cmap"].tables:
        for code in wanted & table.cmap.keys():
            # several tables may share one mapping, so a glyph may be tabular already
            table.cmap[code] = tabular.get(table.cmap[code], table.cmap[code])


def _single_substitutions(font: TTFont, feature: str) -> dict[str, str]:
    """Glyph names and what one OpenType feature puts in their place."""
    rules = font["GSUB"].table
    found: dict[str, str] = {}
    for record in rules.FeatureList.FeatureRecord:
        if record.FeatureTag != feature:
            continue
        for index in record.Feature.LookupListIndex:
            for table in rules.LookupList.Lookup[index].SubTable:
                found.update(getattr(table, "ExtSubTable", table).mapping)
    return found


def _rename(font: TTFont, family: str, style: str) -> None:
    """Changed fonts carry a name of their own; the copyright and the licence stay."""
    joined = f"{family.replace(' ', '')}-{style}"
    texts = {1: f"{family} {style}", 2: "Regular", 3: joined, 4: f"{family} {style}", 6: joined}
    names = font["name"]
    for number, text in texts.items():
        names.setName(text, number, WINDOWS, 1, 0x409)
    names.names = [
        record for record in names.names if record.nameID in KEPT_NAMES and record.platformID == WINDOWS
    ]


def _strip(font: TTFont, *, features: Sequence[str] = ()) -> None:
    options = Options()
    options.hinting = False
    options.layout_features = list(features)
    options.name_IDs = list(KEPT_NAMES)
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.drop_tables += ["MATH", "kern", "vhea", "vmtx", "meta"]
    if not features:
        options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap().keys())
    subsetter.subset(font)
    # the same sources give the same bytes on any day
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.flavor = None


if __name__ == "__main__":
    build(Path(sys.argv[1]))

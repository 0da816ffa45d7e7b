"""The design system says what is true of the style sheet: its tokens, their contrast, the names of its parts."""

from __future__ import annotations

import re

import pytest

from web_ui import design_view
from web_ui.language import Languages
from web_ui.pages import HERE, STATIC
from web_ui.report_chart import drawing

SHEET = (STATIC / "strowger.css").read_text(encoding="utf-8")
PAGE = (HERE / "views/design.tpl").read_text(encoding="utf-8")
GROUNDS = ("paper", "card", "sunk")
PAIRS = (
    *(("ink", ground) for ground in GROUNDS),
    *(("soft", ground) for ground in ("paper", "card")),
    *(("brand", ground) for ground in ("paper", "card", "brand-soft")),
    ("brand-ink", "brand"),
    *((name, f"{name}-soft") for name in ("green", "blue", "amber", "purple", "grey", "red")),
)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_token_has_a_meaning_and_a_value_for_dark_screens() -> None:
    tokens = design_view.tokens()
    assert len(tokens) > 20
    assert [each.name for each in tokens if not each.meaning or each.light == each.dark] == []
    assert set(design_view.MEANINGS) <= {each.name for each in tokens}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_read_on_their_grounds(scheme: str) -> None:
    """4.5 to 1 (WCAG 2.2, 1.4.3)."""
    value = {each.name: getattr(each, scheme) for each in design_view.tokens()}
    assert [pair for pair in PAIRS if contrast(value[pair[0]], value[pair[1]]) < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_what_can_be_used_are_seen(scheme: str) -> None:
    """3 to 1 (WCAG 2.2, 1.4.11)."""
    value = {each.name: getattr(each, scheme) for each in design_view.tokens()}
    pairs = ((edge, ground) for edge in ("strong-line", "focus") for ground in ("paper", "card"))
    assert [pair for pair in pairs if contrast(value[pair[0]], value[pair[1]]) < 3] == []


def test_parts_that_are_named_exist() -> None:
    named = set(
        re.findall(r"'(\.?[a-z_/-]+(?:\.tpl|\.[a-z-]+)?)'", " ".join(re.findall(r"names=\((.*?)\)\)", PAGE)))
    )
    classes = {name.removeprefix(".") for name in named if name.startswith(".")}
    views = {name for name in named if name.endswith(".tpl")}
    assert len(classes) > 25
    assert {name for name in classes if not re.search(rf"\.{name}\b", SHEET)} <= {"term"}
    assert {name for name in views if not (HERE / "views" / name).is_file()} == set()


@pytest.mark.parametrize("code", ["de", "en"])
def test_the_sample_adds_up_and_can_be_drawn(code: str) -> None:
    language = Languages("Europe/Berlin", "de").get(code)
    table = design_view.sample_table(language)
    assert table.chart is not None
    sums = [line for line in table.lines if line.sum]
    assert [sums[0].cells[1:]] == [tuple(str(int(sum(each.values))) for each in table.chart.series)]
    assert len(drawing(table.chart, language).groups) == 5

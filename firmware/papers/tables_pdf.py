"""A report as PDF: A4, charts drawn, tables with their heads on every page, sums set apart. Bytes and nothing else.

Letters are those of ``pdf``: the built-in fonts'. A wide table turns the paper.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from firmware.papers.pdf import blank, latin
from firmware.papers.tables import Chart, Line, Report, Table, steps, texts

if TYPE_CHECKING:
    from fpdf import FPDF

_FONT = "Helvetica"
_ROW_MM = 5.6
_WIDE_FROM = 8
"""So many columns want the long side of the paper."""
_CHART_MM = 52.0
_AXIS_MM = 14.0
_LOOKS = {"calls": (203, 213, 225), "reached": (37, 99, 235), "lost": (185, 28, 28)}
_MOST_LABELS = 12


def render(report: Report, made_at: datetime) -> bytes:
    """Return the report as a PDF file; ``made_at`` is the date in the file's head."""
    wide = any(len(table.columns) >= _WIDE_FROM for table in report.tables)
    pdf = blank(report.title, report.foot, report.language, made_at, "L" if wide else "P")
    pdf.set_font(_FONT, "B", 16)
    pdf.multi_cell(0, 9, latin(report.title), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(_FONT, "", 10)
    for line in (*report.lines, *_tiles(report)):
        pdf.multi_cell(0, 5, latin(line), align="L", new_x="LMARGIN", new_y="NEXT")
    for table in report.tables:
        _table(pdf, table)
    return bytes(pdf.output())


def _tiles(report: Report) -> list[str]:
    return [f"{t.label}: {t.figure}" + (f" ({t.target})" if t.target else "") for t in report.tiles]


def _table(pdf: FPDF, table: Table) -> None:
    pdf.ln(4)
    room = _CHART_MM + 12 if table.chart is not None and table.chart.highest else 4 * _ROW_MM
    if pdf.will_page_break(room):
        pdf.add_page()
    pdf.set_font(_FONT, "B", 12)
    pdf.multi_cell(0, 7, latin(table.title), align="L", new_x="LMARGIN", new_y="NEXT")
    if not table.lines:
        _say(pdf, table.empty)
        return
    if table.chart is not None and table.chart.highest:
        _chart(pdf, table.chart)
    widths = _widths(pdf, table)
    _head(pdf, table, widths)
    for line in table.lines:
        if pdf.will_page_break(_ROW_MM):
            pdf.add_page()
            _head(pdf, table, widths)
        _line(pdf, table, line, widths)
    if table.note:
        _say(pdf, table.note)


def _say(pdf: FPDF, text: str) -> None:
    pdf.set_font(_FONT, "", 9)
    pdf.set_text_color(90)
    pdf.multi_cell(0, 4.6, latin(text), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(0)


def _widths(pdf: FPDF, table: Table) -> list[float]:
    """Columns as wide as what is in them asks for, together as wide as the paper."""
    pdf.set_font(_FONT, "", 8)
    asked = []
    for number, column in enumerate(table.columns):
        longest_word = max((pdf.get_string_width(latin(w)) for w in column.title.split()), default=0)
        cells = (pdf.get_string_width(latin(texts(line)[number])) for line in table.lines[:200])
        asked.append(min(70.0, max(longest_word, *cells, 8.0)) + 3.0)
    share = pdf.epw / sum(asked)
    return [width * share for width in asked]


def _head(pdf: FPDF, table: Table, widths: list[float]) -> None:
    pdf.set_font(_FONT, "B", 8)
    pdf.set_fill_color(241, 245, 249)
    high = 1.5 + max(
        _height(pdf, width, column.title) for width, column in zip(widths, table.columns, strict=True)
    )
    left, top = pdf.l_margin, pdf.get_y()
    pdf.rect(left, top, pdf.epw, high, "F")
    for width, column in zip(widths, table.columns, strict=True):
        pdf.set_xy(left, top + 0.7)
        pdf.multi_cell(width, 4, latin(column.title), align="R" if column.figure else "L")
        left += width
    pdf.set_xy(pdf.l_margin, top + high)


def _height(pdf: FPDF, width: float, text: str) -> float:
    """How much room a heading needs, in mm."""
    return float(cast("float", pdf.multi_cell(width, 4, latin(text), dry_run=True, output="HEIGHT")))


def _line(pdf: FPDF, table: Table, line: Line, widths: list[float]) -> None:
    pdf.set_font(_FONT, "B" if line.sum else "", 8)
    for width, column, text in zip(widths, table.columns, texts(line), strict=True):
        fit = _cut(pdf, latin(text), width - 2.0)
        pdf.cell(width, _ROW_MM, fit, border="B", align="R" if column.figure else "L")
    pdf.ln(_ROW_MM)


def _cut(pdf: FPDF, text: str, width: float) -> str:
    """What fits into one line, three dots for the rest."""
    if pdf.get_string_width(text) <= width:
        return text
    while text and pdf.get_string_width(text + "...") > width:
        text = text[:-1]
    return text + "..."


def _chart(pdf: FPDF, chart: Chart) -> None:
    left, top, width = pdf.l_margin + _AXIS_MM, pdf.get_y() + 2, pdf.epw - _AXIS_MM
    marks = steps(chart.highest)
    high = _CHART_MM - 8
    pdf.set_font(_FONT, "", 7)
    pdf.set_draw_color(203, 213, 225)
    for mark in marks:
        y = top + high * (1 - mark / marks[-1])
        pdf.line(left, y, left + width, y)
        pdf.set_xy(pdf.l_margin, y - 2)
        pdf.cell(_AXIS_MM - 2, 4, f"{mark:.0f}", align="R")
    each = width / len(chart.labels)
    for series in chart.series:
        pdf.set_fill_color(*_LOOKS[series.look])
        for n, value in enumerate(series.values):
            tall = high * value / marks[-1]
            if tall:
                pdf.rect(left + n * each + each * 0.15, top + high - tall, each * 0.7, tall, "F")
    apart = -(-len(chart.labels) // _MOST_LABELS)
    for n, label in enumerate(chart.labels):
        if n % apart == 0:
            pdf.set_xy(left + n * each, top + high + 0.5)
            pdf.cell(each * apart, 4, _cut(pdf, latin(label), each * apart), align="L")
    pdf.set_xy(left, top + high + 5)
    for series in chart.series:
        pdf.set_fill_color(*_LOOKS[series.look])
        pdf.rect(pdf.get_x(), pdf.get_y() + 0.8, 2.4, 2.4, "F")
        pdf.set_x(pdf.get_x() + 3.5)
        pdf.cell(pdf.get_string_width(latin(series.name)) + 6, 4, latin(series.name))
    pdf.set_draw_color(0)
    pdf.ln(6)

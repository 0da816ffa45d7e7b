"""A sheet as PDF: A4, two columns, the page's number at its foot.

The built-in fonts hold what Western Europe writes with (Windows-1252). Other letters are written without their marks
(Łódź: Lodz), and what has no Latin form as a question mark; the record itself keeps them as they are.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from firmware.papers.sheet import Section, Sheet

if TYPE_CHECKING:
    from fpdf import FPDF

_LABEL_MM = 52.0
_LINE_MM = 5.0
_FONT = "Helvetica"
_WITHOUT_MARKS = str.maketrans(
    {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "→": "-", "≤": "<", "≥": ">"}
)


def render(sheet: Sheet, made_at: datetime) -> bytes:
    """Return the sheet as a PDF file; ``made_at`` is the date in the file's head."""
    pdf = blank(sheet.title, sheet.foot, sheet.language, made_at)
    pdf.set_font(_FONT, "B", 16)
    pdf.multi_cell(0, 9, latin(sheet.title), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(_FONT, "", 10)
    for line in sheet.lines:
        pdf.multi_cell(0, _LINE_MM, latin(line), align="L", new_x="LMARGIN", new_y="NEXT")
    for section in sheet.sections:
        _section(pdf, section)
    return bytes(pdf.output())


def latin(text: str) -> str:
    """Return ``text`` in letters the built-in fonts have."""
    return "".join(_letter(c) for c in text.translate(_WITHOUT_MARKS) if c.isprintable())


def _letter(letter: str) -> str:
    if _fits(letter):
        return letter
    plain = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    return plain if plain and _fits(plain) else "?"


def _fits(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def blank(title: str, foot: str, language: str, made_at: datetime, turn: Literal["P", "L"] = "P") -> FPDF:
    """Return a document with its first page; ``turn`` is ``P`` (upright) or ``L``."""
    from fpdf import FPDF

    said = latin(foot)

    class Paper(FPDF):
        def footer(self) -> None:
            self.set_y(-14)
            self.set_font(_FONT, "", 8)
            self.cell(0, 4, f"{said}  ·  {self.page_no()}/{{nb}}", align="C")

    pdf = Paper(orientation=turn, format="A4")
    pdf.core_fonts_encoding = "windows-1252"
    pdf.set_creation_date(made_at)
    pdf.set_title(latin(title))
    pdf.set_lang(language)
    pdf.set_margins(18, 16, 18)
    pdf.set_auto_page_break(auto=True, margin=18)
    pdf.add_page()
    return pdf


def _section(pdf: FPDF, section: Section) -> None:
    pdf.ln(3)
    pdf.set_font(_FONT, "B", 11)
    if pdf.will_page_break(4 * _LINE_MM):
        pdf.add_page()
    pdf.multi_cell(0, 7, latin(section.title), align="L", new_x="LMARGIN", new_y="NEXT")
    for label, value in section.rows:
        if pdf.will_page_break(2 * _LINE_MM):
            pdf.add_page()
        pdf.set_font(_FONT, "", 9)
        top = pdf.get_y()
        pdf.set_text_color(90)
        pdf.multi_cell(_LABEL_MM, _LINE_MM, latin(label), align="L", new_x="LMARGIN", new_y="NEXT")
        low, page = pdf.get_y(), pdf.page
        pdf.set_text_color(0)
        pdf.set_xy(pdf.l_margin + _LABEL_MM, top)
        pdf.multi_cell(0, _LINE_MM, latin(value), align="L", new_x="LMARGIN", new_y="NEXT")
        if pdf.page == page:
            pdf.set_y(max(low, pdf.get_y()))

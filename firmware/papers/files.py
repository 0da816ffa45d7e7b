"""A report as a file: what the pages hand out and what is sent by mail. The writers are loaded when first asked for."""

from __future__ import annotations

import io
from datetime import datetime

from firmware.papers.tables import Report

KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Formats with their media types."""


def render(report: Report, kind: str, made_at: datetime) -> bytes:
    """Return the report as a file of this kind (``KINDS``)."""
    if kind == "pdf":
        from firmware.papers import tables_pdf

        return tables_pdf.render(report, made_at)
    from firmware.papers import workbook

    held = io.BytesIO()
    workbook.write(held, report)
    return held.getvalue()

"""The design system, on a page of the box itself: tokens and parts, live, with their names and their rules."""

from __future__ import annotations

from typing import Any

from web_ui import design_view
from web_ui.permissions import Permission
from web_ui.report_chart import drawing
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()


@routes.get("/design", Permission.ACCOUNT)
def page(web: Web, visit: Visit) -> Any:
    """Everything the pages are made of."""
    return web.pages.show(
        visit,
        "design",
        view=design_view,
        table=design_view.sample_table(visit.language),
        draw=drawing,
        texts=lambda line: line.cells,
        here="",
    )

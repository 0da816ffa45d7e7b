"""One module per noun; ``MODULES`` is what ``app`` serves."""

from web_ui.routes import (
    campaigns,
    consent,
    dashboard,
    desk,
    detection,
    dnc,
    files,
    lists,
    permits,
    reports,
    session,
    setup,
    users,
)

MODULES = (
    files,
    setup,
    session,
    dashboard,
    campaigns,
    lists,
    dnc,
    permits,
    consent,
    detection,
    reports,
    users,
    desk,
)

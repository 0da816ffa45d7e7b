"""One module per noun; ``MODULES`` is what ``app`` serves."""

from web_ui.routes import (
    campaigns,
    consent,
    dashboard,
    desk,
    detection,
    dnc,
    dry_run,
    files,
    lists,
    permits,
    reports,
    session,
    setup,
    users,
    wizard,
    wizard_list,
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
    wizard,
    wizard_list,
    dry_run,
)

"""What belongs to departments, in words."""

from __future__ import annotations

from collections.abc import Mapping

from firmware.model import Owned
from web_ui.language import N_

KINDS: Mapping[Owned, str] = {
    Owned.CAMPAIGN: N_("Campaigns"),
    Owned.LIST: N_("Contact lists"),
    Owned.QUEUE: N_("Numbers for incoming calls"),
    Owned.DNC_LIST: N_("DNC lists"),
    Owned.DESTINATION: N_("Destinations"),
    Owned.SCRIPT: N_("Scripts"),
    Owned.SNIPPET: N_("Prepared answers"),
    Owned.VIEW: N_("Saved reports"),
    Owned.WALL: N_("Wallboards"),
    Owned.TOKEN: N_("Access for programs"),
    Owned.WEBHOOK: N_("Messages to programs"),
}
"""In the order they are shown in."""

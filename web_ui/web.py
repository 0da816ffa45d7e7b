"""What every handler has at hand: the settings, the service, the store's read model, and the pages."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firmware.store.reports import Reports, StoreUnavailable
from web_ui.client import Refused, ServiceClient, ServiceDown
from web_ui.language import Languages
from web_ui.live import Hub
from web_ui.pages import Pages
from web_ui.settings import WebSettings
from web_ui.streams import Streams
from web_ui.throttle import Throttle
from web_ui.uploads import Uploads
from web_ui.visit import hash_of

log = logging.getLogger("web_ui")


@dataclass(frozen=True)
class Web:
    """Made once by ``app.build``; shared by all threads."""

    settings: WebSettings
    client: ServiceClient
    reports: Reports
    hub: Hub
    pages: Pages
    languages: Languages
    streams: Streams
    throttle: Throttle
    uploads: Uploads

    def call(self, do: str, timeout_s: float | None = None, **args: Any) -> Any:
        """Ask the service. Raises Refused or ServiceDown, which ``app`` turns into a page where nobody else does."""
        return self.client.call(do, args, timeout_s)

    def call_with(self, do: str, args: Mapping[str, Any]) -> Any:
        """Ask the service with ready-made arguments."""
        return self.client.call(do, args)

    def set_up_needed(self) -> bool:
        """Whether nobody has set the box up yet; False while the service cannot say."""
        try:
            return bool(self.call("setup.state").get("needed"))
        except (ServiceDown, Refused):
            return False

    def takes_access_requests(self) -> bool:
        """Whether somebody without a login may ask for access; False while the store cannot say."""
        try:
            return self.reports.takes_access_requests()
        except StoreUnavailable:
            return False

    def still_logged_in(self, token: str) -> bool:
        """Whether a session seen at the start of a stream is still open."""
        try:
            session = self.reports.session(hash_of(token))
        except StoreUnavailable:
            return True
        return session is not None and time.time() < session.expires_at

    def keep_session(self, token: str) -> None:
        """Count an open page as use of the session."""
        try:
            self.call("session.touch", token_hash=hash_of(token))
        except (ServiceDown, Refused) as error:
            log.info("session not touched: %s", error)

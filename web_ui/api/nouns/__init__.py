"""The endpoints, one module per noun; ``ENDPOINTS`` is what the API serves."""

from __future__ import annotations

from web_ui.api.endpoint import Endpoint
from web_ui.api.nouns import (
    agents,
    attempts,
    callbacks,
    campaigns,
    consents,
    contacts,
    dnc,
    inbound,
    leads,
    list_runs,
    lists,
    token,
    webhooks,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *lists.endpoints,
    *list_runs.endpoints,
    *contacts.endpoints,
    *leads.endpoints,
    *callbacks.endpoints,
    *dnc.endpoints,
    *consents.endpoints,
    *campaigns.endpoints,
    *attempts.endpoints,
    *inbound.endpoints,
    *agents.endpoints,
    *webhooks.endpoints,
    *token.endpoints,
)

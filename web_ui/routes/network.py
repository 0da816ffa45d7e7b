"""The box's own address: by DHCP or fixed, tried for three minutes, kept once somebody confirms it from there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web_ui.client import Refused
from web_ui.pages import by_field
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/network"
_FIELDS = ("port", "address", "prefix", "gateway", "servers")


@routes.get(PATH, Permission.BOX)
def index(web: Web, visit: Visit) -> Any:
    """How the box is reached, what is being tried, and the form."""
    state = _state(web, visit)
    return _show(web, visit, state, _typed(state), {})


@routes.post(PATH, Permission.BOX)
def attempt(web: Web, visit: Visit) -> Any:
    """Try an address. The answer is a page at once: a moment later this box may not be found here any more."""
    method = "fixed" if visit.text("method") == "fixed" else "dhcp"
    typed = {"method": method} | {name: visit.text(name, 300) for name in _FIELDS}
    try:
        set_to = web.call_with("network.set", {**typed, "force": bool(visit.text("force"))})
    except Refused as refused:
        errors = by_field(refused.problems, visit.language)
        return _show(web, visit, _state(web, visit), typed, errors, 422)
    return _show(web, visit, _state(web, visit), typed, {}, begun=set_to["address"])


@routes.post(f"{PATH}/keep", Permission.BOX)
def keep(web: Web, visit: Visit) -> Any:
    """Whoever sees the page at the new address confirms that it works."""
    try:
        web.call("network.settle", host=_host(visit))
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, PATH, visit.language.gettext("The box keeps this address."))


def _host(visit: Visit) -> str:
    return str(visit.request.urlparts.netloc)[:100]


def _state(web: Web, visit: Visit) -> Mapping[str, Any]:
    state: Mapping[str, Any] = web.call("network.state", host=_host(visit))
    return state


def _typed(state: Mapping[str, Any]) -> dict[str, str]:
    """What the form begins with: what was set, else what the box was given and could keep."""
    kept = state["kept"]
    if kept["method"] == "fixed":
        return {
            "method": "fixed", "port": kept["port"], "address": kept["address"], "prefix": str(kept["prefix"]),
            "gateway": kept["gateway"], "servers": " ".join(kept["servers"]),
        }  # fmt: skip
    used = next((each for each in state["ports"] if each["up"] and each["address"]), None)
    if used is None:
        return {"method": "dhcp"}
    return {
        "method": "dhcp", "port": used["name"], "address": used["address"], "prefix": str(used["prefix"]),
    }  # fmt: skip


def _show(
    web: Web, visit: Visit, state: Mapping[str, Any], typed: Mapping[str, str], errors: Mapping[str, str],
    status: int = 200, begun: str | None = None,
) -> Any:  # fmt: skip
    """``begun``: the address just asked for (empty: DHCP); None: nothing was."""
    return web.pages.show(
        visit, "network", status, state=state, typed=typed, errors=errors, begun=begun, here="first_run"
    )

"""Settings files for an agent's desk phone, one per maker, and what a softphone reads from a square of dots.

Pure. The names of the settings are those of the makers' own references: Yealink's T2/T3/T4/T5 administrator guide
(``account.1.*``), snom's settings list (firmware 8 and later), Grandstream's GXP/GRP configuration template (P values),
Gigaset's N610/N670/N870 provisioning guide; the square is Grandstream Wave's ``AccountConfig``. None of them has been
tried on a real telephone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Account:
    """What a telephone must know. ``server`` is ``host:port``, where the box is reached; ``picks_up``: by itself."""

    name: str
    user: str
    secret: str
    domain: str
    server: str
    picks_up: bool

    @property
    def host(self) -> str:
        """The address without the port."""
        return self.server.rpartition(":")[0]

    @property
    def port(self) -> str:
        """The port."""
        return self.server.rpartition(":")[2]

    @property
    def shown(self) -> str:
        """The person's name as a line of a settings file can hold it."""
        return _UNPRINTABLE.sub(" ", self.name).strip()


@dataclass(frozen=True, slots=True)
class Maker:
    """A kind of settings file. ``where``: the menu in the phone's own pages that takes it, as it is called there."""

    name: str
    file: str
    where: str
    write: Callable[[Account], str]


def square(account: Account) -> str:
    """The text in the square of dots that Grandstream Wave and softphones like it read."""
    values = {
        "RegisterServer": account.domain,
        "OutboundServer": account.server,
        "UserID": account.user,
        "AuthID": account.user,
        "AuthPass": account.secret,
        "AccountName": account.shown,
        "DisplayName": account.shown,
    }
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
    head = '<?xml version="1.0" encoding="utf-8"?>'
    return f'{head}<AccountConfig version="1"><Account>{inner}</Account></AccountConfig>'


def _yealink(account: Account) -> str:
    values = {
        "enable": "1",
        "label": account.shown,
        "display_name": account.shown,
        "user_name": account.user,
        "auth_name": account.user,
        "password": account.secret,
        "sip_server.1.address": account.domain,
        "sip_server.1.port": account.port,
        "sip_server.1.transport_type": "0",
        "outbound_proxy_enable": "1",
        "outbound_proxy.1.address": account.host,
        "outbound_proxy.1.port": account.port,
        "codec.pcma.enable": "1",
        "codec.pcma.priority": "1",
        "codec.pcmu.enable": "1",
        "codec.pcmu.priority": "2",
        "dtmf.type": "1",
        "auto_answer": "1" if account.picks_up else "0",
    }
    lines = [f"account.1.{name} = {value}" for name, value in values.items()]
    return "\n".join(["#!version:1.0.0.1", *lines, ""])


def _snom(account: Account) -> str:
    values = {
        "user_active": "on",
        "user_realname": account.shown,
        "user_idle_text": account.shown,
        "user_name": account.user,
        "user_pname": account.user,
        "user_pass": account.secret,
        "user_host": account.domain,
        "user_outbound": f"{account.server};transport=udp",
        "user_srtp": "off",
        "user_auto_connect": "on" if account.picks_up else "off",
        "codec_priority_list": "pcma,pcmu,telephone-event",
    }
    lines = [f'    <{name} idx="1" perm="">{escape(value)}</{name}>' for name, value in values.items()]
    return _xml("settings", ["  <phone-settings>", *lines, "  </phone-settings>"])


def _grandstream(account: Account) -> str:
    values = {
        "P271": "1",
        "P270": account.shown,
        "P3": account.shown,
        "P47": account.domain,
        "P48": account.server,
        "P35": account.user,
        "P36": account.user,
        "P34": account.secret,
        "P31": "1",
        "P57": "8",
        "P58": "0",
        "P90": "1" if account.picks_up else "0",
    }
    lines = [f"    <{name}>{escape(value)}</{name}>" for name, value in values.items()]
    return _xml('gs_provision version="1"', ['  <config version="1">', *lines, "  </config>"])


def _gigaset(account: Account) -> str:
    """One account of a DECT base; whether a handset picks up by itself is set on the handset."""
    provider, line = "SipProvider.0", "SipAccount.0001"
    values = {
        f"{provider}.Name": "Strowger",
        f"{provider}.Domain": account.domain,
        f"{provider}.ProxyServerAddress": account.domain,
        f"{provider}.ProxyServerPort": account.port,
        f"{provider}.RegServerAddress": account.domain,
        f"{provider}.RegServerPort": account.port,
        f"{provider}.OutboundProxyMode": "0",
        f"{provider}.OutboundProxyAddress": account.host,
        f"{provider}.OutboundProxyPort": account.port,
        f"{line}.ProviderId": "0",
        f"{line}.UserName": account.user,
        f"{line}.AuthName": account.user,
        f"{line}.AuthPassword": account.secret,
        f"{line}.DisplayName": account.shown,
    }
    lines = [
        f"    <param name={quoteattr(name)} value={quoteattr(value)}/>" for name, value in values.items()
    ]
    return _xml('provisioning version="1.1" productID="e2"', ["  <nvm>", *lines, "  </nvm>"])


def _xml(root: str, lines: list[str]) -> str:
    head = '<?xml version="1.0" encoding="utf-8"?>'
    return "\n".join([head, f"<{root}>", *lines, f"</{root.split()[0]}>", ""])


MAKERS: Mapping[str, Maker] = {
    "yealink": Maker("Yealink", "yealink.cfg", "Settings › Configuration › Import CFG", _yealink),
    "snom": Maker("Snom", "snom.xml", "Advanced › Update › Upload Setting File", _snom),
    "grandstream": Maker("Grandstream", "grandstream.xml", "Maintenance › Upgrade › Upload", _grandstream),
    "gigaset": Maker("Gigaset", "gigaset.xml", "Settings › System › Save and Restore", _gigaset),
}

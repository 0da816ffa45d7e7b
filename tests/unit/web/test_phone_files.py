"""Settings files of desk phones: read back by a parser, and nothing in a name gets out of its place."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping

import pytest

from web_ui.phone_files import MAKERS, Account, square

PLAIN = Account("Anna Beispiel", "pabcdefghij", "k3yk3yk3y", "box.invalid", "192.0.2.7:5060", True)
SPITEFUL = ["Ä & <b>\"'", "a\naccount.1.password = x", "]]><P34>x</P34>", "=;#"]


def settings_of(kind: str, text: str) -> Mapping[str, str]:
    """What a phone reads: name -> value."""
    if kind == "yealink":
        lines = text.splitlines()
        assert lines[0] == "#!version:1.0.0.1"
        pairs = [line.split(" = ", 1) for line in lines[1:]]
        assert len({name for name, _ in pairs}) == len(pairs)
        return {name.removeprefix("account.1."): value for name, value in pairs}
    root = ET.fromstring(text.encode())
    if kind == "gigaset":
        return {one.attrib["name"]: one.attrib["value"] for one in root.iter("param")}
    return {one.tag: one.text or "" for one in root[0]}


WHERE = {
    "yealink": ("user_name", "password", "sip_server.1.address", "outbound_proxy.1.address", "auto_answer"),
    "snom": ("user_name", "user_pass", "user_host", "user_outbound", "user_auto_connect"),
    "grandstream": ("P35", "P34", "P47", "P48", "P90"),
    "gigaset": (
        "SipAccount.0001.UserName", "SipAccount.0001.AuthPassword", "SipProvider.0.Domain",
        "SipProvider.0.OutboundProxyAddress", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(MAKERS))
def test_a_phone_reads_its_account(kind: str) -> None:
    read = settings_of(kind, MAKERS[kind].write(PLAIN))
    user, secret, domain, proxy, picks_up = WHERE[kind]
    assert read[user] == PLAIN.user
    assert read[secret] == PLAIN.secret
    assert read[domain] == "box.invalid"
    assert read[proxy].startswith("192.0.2.7")
    if picks_up:
        assert read[picks_up] in ("1", "on")


@pytest.mark.parametrize("kind", list(MAKERS))
@pytest.mark.parametrize("name", SPITEFUL)
def test_a_name_stays_a_name(kind: str, name: str) -> None:
    plain = settings_of(kind, MAKERS[kind].write(PLAIN))
    account = Account(name, PLAIN.user, PLAIN.secret, PLAIN.domain, PLAIN.server, True)
    read = settings_of(kind, MAKERS[kind].write(account))
    assert read.keys() == plain.keys()
    changed = {key for key in read if read[key] != plain[key]}
    assert all(plain[key] == PLAIN.name for key in changed)


@pytest.mark.parametrize("kind", ["yealink", "snom", "grandstream"])
def test_a_phone_called_for_each_call_rings(kind: str) -> None:
    account = Account("A", "p", "s", "d.invalid", "192.0.2.7:5060", False)
    assert settings_of(kind, MAKERS[kind].write(account))[WHERE[kind][4]] in ("0", "off")


@pytest.mark.parametrize("name", [PLAIN.name, *SPITEFUL])
def test_the_square_holds_the_account(name: str) -> None:
    account = Account(name, PLAIN.user, PLAIN.secret, PLAIN.domain, PLAIN.server, True)
    read = {one.tag: one.text for one in ET.fromstring(square(account).encode())[0]}
    assert read["AuthPass"] == PLAIN.secret
    assert read["OutboundServer"] == "192.0.2.7:5060"
    assert read["DisplayName"] == account.shown

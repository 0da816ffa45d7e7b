"""The box's own address: what may be typed, what the system is told, and what counts as confirmed."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.model import OperatorError
from firmware.network.plan import DEFAULT, Method, Wanted, confirms, from_text, network_file, read

PORTS = ("enp1s0", "eth1")
GOOD = {
    "method": "fixed",
    "port": "enp1s0",
    "address": "192.0.2.10",
    "prefix": "24",
    "gateway": "192.0.2.1",
    "servers": "198.51.100.1, 192.0.2.1",
}
FIXED = Wanted(Method.FIXED, "enp1s0", "192.0.2.10", 24, "192.0.2.1", ("198.51.100.1", "192.0.2.1"))


def mistakes(**changed: str) -> list[tuple[str, str]]:
    with pytest.raises(OperatorError) as refused:
        read({**GOOD, **changed}, PORTS)
    return [(each.where, each.key) for each in refused.value.problems]


@pytest.mark.parametrize(
    ("field", "typed", "key"),
    [
        *(("address", text, "network_no_address") for text in ("", "192.0.2", "192.0.2.256", "192.0.2.010")),
        *(
            ("address", text, "network_no_address")
            for text in ("box.local", "2001:db8::1", "192.0.2.10/24", "١")
        ),
        *(("address", text, "network_not_usable") for text in ("127.0.0.1", "224.0.0.1", "239.1.2.3")),
        *(("address", text, "network_not_usable") for text in ("0.0.0.0", "0.1.2.3", "169.254.7.7")),
        *(("address", text, "network_not_usable") for text in ("240.0.0.1", "255.255.255.255")),
        *(("prefix", text, "network_prefix") for text in ("", "0", "7", "31", "32", "33", "-1", "024", "٢٤")),
        *(
            ("prefix", text, "network_prefix")
            for text in ("255.0.255.0", "0.0.0.255", "255.255.255.254", "x")
        ),
        *(("gateway", text, "network_no_address") for text in ("router", "192.0.2.1.")),
        *(("gateway", text, "network_gateway_outside") for text in ("192.0.3.1", "198.51.100.1")),
        *(("gateway", text, "network_not_a_host") for text in ("192.0.2.0", "192.0.2.255")),
        ("gateway", "192.0.2.10", "network_own"),
        ("gateway", "127.0.0.1", "network_not_usable"),
        ("servers", "192.0.2.10", "network_own"),
        ("servers", "192.0.2.255", "network_not_a_host"),
        ("servers", "dns.example", "network_no_address"),
        ("servers", "127.0.0.53", "network_not_usable"),
        ("servers", "192.0.2.1 192.0.2.2 192.0.2.3", "network_dns_many"),
        *(
            ("port", text, "network_port")
            for text in ("", "lo", "wlan0", "eth9", "enp1s0\n[Route]", "../etc")
        ),
    ],
)
def test_each_mistake_is_named_at_its_field(field: str, typed: str, key: str) -> None:
    assert mistakes(**{field: typed}) == [(field, key)]


@pytest.mark.parametrize(
    ("address", "prefix", "well"),
    [
        ("192.0.2.0", "24", False), ("192.0.2.255", "24", False), ("192.0.2.255", "23", True),
        ("192.0.2.0", "30", False), ("192.0.2.3", "30", False), ("192.0.2.1", "30", True), ("192.0.2.2", "30", True),
        ("10.0.0.0", "8", False), ("10.255.255.255", "8", False), ("10.0.0.1", "8", True),
        ("10.255.255.254", "8", True),
        ("192.0.3.0", "22", True), ("192.0.0.255", "22", True),
    ],
)  # fmt: skip
def test_an_address_is_neither_the_network_nor_everybody_in_it(address: str, prefix: str, well: bool) -> None:
    changed = {**GOOD, "address": address, "prefix": prefix, "gateway": "", "servers": ""}
    if well:
        assert read(changed, PORTS).address == address
    else:
        assert mistakes(**changed) == [("address", "network_not_a_host")]


def test_everything_wrong_is_told_at_once_and_nothing_follows_from_what_is_not_known() -> None:
    found = mistakes(port="", address="x", prefix="y", gateway="z", servers="a b")
    assert [where for where, _ in found] == ["port", "address", "prefix", "gateway", "servers", "servers"]
    assert mistakes(prefix="99", gateway="198.51.100.1") == [("prefix", "network_prefix")]


@pytest.mark.parametrize("prefix", ["24", "/24", " 24 ", "255.255.255.0"])
def test_a_netmask_is_a_prefix_as_well(prefix: str) -> None:
    assert read({**GOOD, "prefix": prefix}, PORTS) == FIXED


def test_the_gateway_knows_names_unless_somebody_else_is_named() -> None:
    assert read({**GOOD, "servers": ""}, PORTS).servers == ("192.0.2.1",)
    assert read({**GOOD, "servers": "198.51.100.1;198.51.100.1"}, PORTS).servers == ("198.51.100.1",)


def test_without_a_gateway_the_box_stays_in_its_network() -> None:
    assert read({**GOOD, "gateway": "", "servers": ""}, PORTS).servers == ()
    assert read({**GOOD, "gateway": "", "servers": "192.0.2.7"}, PORTS).gateway == ""
    assert mistakes(gateway="", servers="198.51.100.1") == [("servers", "network_dns_outside")]


def test_dhcp_says_nothing_else_and_needs_no_file() -> None:
    assert read({**GOOD, "method": "dhcp"}, ()) == DEFAULT
    assert network_file(DEFAULT) == ""


def test_systemd_is_told_all_of_it_for_one_port_alone() -> None:
    lines = network_file(FIXED).splitlines()
    sections = [line for line in lines if line.startswith("[")]
    assert sections == ["[Match]", "[Network]", "[Address]", "[Route]"]
    for line in (
        "Name=enp1s0", "DHCP=no", "Address=192.0.2.10/24", "Gateway=192.0.2.1", "DNS=198.51.100.1", "DNS=192.0.2.1",
        "DuplicateAddressDetection=ipv4",
    ):  # fmt: skip
        assert lines.count(line) == 1
    alone = read({**GOOD, "gateway": "", "servers": ""}, PORTS)
    assert "[Route]" not in network_file(alone)
    assert "DNS=" not in network_file(alone)


@pytest.mark.parametrize("wanted", [DEFAULT, FIXED])
def test_what_is_kept_is_read_as_it_was(wanted: Wanted) -> None:
    assert from_text(wanted.text(), PORTS) == wanted
    assert from_text(wanted.text()) == wanted


@given(
    st.text(max_size=40) | st.sampled_from(["[]", "7", "null", '{"method": "fixed"}', "{", '{"servers": 3}'])
)
def test_a_text_is_read_or_refused_and_never_anything_else(text: str) -> None:
    with contextlib.suppress(OperatorError, ValueError):
        assert from_text(text) == DEFAULT


def test_a_port_that_has_gone_is_no_place_for_an_address() -> None:
    with pytest.raises(OperatorError):
        from_text(FIXED.text(), ["eth1"])


@pytest.mark.parametrize(
    ("host", "well"),
    [
        ("192.0.2.10", True), ("192.0.2.10:443", True), ("192.0.2.11", False), ("192.0.2.1", False),
        ("strowger.local", False), ("[fe80::1]", False), ("", False), ("192.0.2.10.example", False),
    ],
)  # fmt: skip
def test_a_fixed_address_is_confirmed_from_itself_alone(host: str, well: bool) -> None:
    assert confirms(FIXED, host) is well
    assert confirms(DEFAULT, host), "nobody knows before which address DHCP gives"

"""Where webhooks must not lead, and the few places they may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.webhooks import target
from firmware.webhooks.target import Policy, UnfitError

OFFICE = Policy.of(["192.168.10.0/24", "fd00:10::/64"], loopback=False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "crm.example/hook",
        "ftp://crm.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:25/",
        "http://",
        "https:///path",
        "https://anna:secret@crm.example/",
        "https://crm.example:0/",
        "https://crm.example:99999/",
        "https://crm.example/#part",
        "https://crm.example/a b",
        "https://crm.example/\r\nX: y",
        "https://[::1",
        "https://crm.exämple/",
    ],
)
def test_what_is_no_address_for_a_webhook(url: str) -> None:
    with pytest.raises(UnfitError, match="webhook_url_unfit"):
        target.parse(url)


def test_an_address_is_taken_apart() -> None:
    assert target.parse("https://crm.example/a/b?c=d") == target.Target(True, "crm.example", 443, "/a/b?c=d")
    assert target.parse("http://192.168.10.7:8080") == target.Target(False, "192.168.10.7", 8080, "/")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "::1",
        "0.0.0.0",
        "::",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "169.254.169.254",
        "fe80::1",
        "224.0.0.1",
        "ff02::1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "192.168.11.1",
        "100.64.0.1",
        "fd00:11::1",
        "255.255.255.255",
        "240.0.0.1",
    ],
)
@pytest.mark.parametrize("secure", [True, False])
def test_what_only_the_box_can_reach_is_out_of_reach(address: str, secure: bool) -> None:
    with pytest.raises(UnfitError, match="webhook_address_unfit"):
        target.check(address, secure, OFFICE)


def test_networks_that_are_allowed_are_reached_with_and_without_tls() -> None:
    for secure in (True, False):
        target.check("192.168.10.7", secure, OFFICE)
        target.check("fd00:10::7", secure, OFFICE)


def test_the_world_is_reached_over_tls_only() -> None:
    target.check("8.8.8.8", True, OFFICE)
    with pytest.raises(UnfitError, match="webhook_needs_tls"):
        target.check("8.8.8.8", False, OFFICE)


def test_this_machine_only_where_the_settings_say_so() -> None:
    for address in ("127.0.0.1", "::1"):
        target.check(address, False, Policy(loopback=True))
    wide = Policy.of(["127.0.0.0/8", "0.0.0.0/0"], loopback=False)
    with pytest.raises(UnfitError):
        target.check("127.0.0.1", True, wide)
    with pytest.raises(UnfitError):
        target.check("169.254.169.254", True, wide)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    try:
        found = target.parse(text)
    except UnfitError:
        return
    assert found.host
    assert 0 < found.port < 65536

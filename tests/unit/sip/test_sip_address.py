"""What the box calls becomes a URI, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.model import LegId
from firmware.trunks._sip_address import BadRoute, dial
from firmware.trunks._sip_settings import SipSettings
from firmware.trunks.base import EmergencyRoute, PhoneRoute
from tests.permitted import over

SETTINGS = SipSettings(
    port=5070,
    proxy="127.0.0.1:5060",
    domain="strowger.invalid",
    media_address="127.0.0.1",
    trunk_hosts={"provider": "sip.example.org"},
)
LEG = LegId("01J0000000000000000000TEST")


def test_a_number_over_a_trunk() -> None:
    wanted = dial(LEG, over("provider", "+493023125001"), "+493023125000", SETTINGS, "b00t")
    assert wanted.target == "sip:+493023125001@provider.trunk.strowger.invalid"
    assert wanted.to == "<sip:+493023125001@sip.example.org>"
    assert wanted.sender == wanted.identity == "<sip:+493023125000@sip.example.org>"
    assert wanted.call_id == f"{LEG}@b00t.strowger.invalid"


def test_without_a_caller_id_the_call_is_anonymous() -> None:
    wanted = dial(LEG, EmergencyRoute("110", "provider"), "", SETTINGS, "b")
    assert wanted.sender == '"Anonymous" <sip:anonymous@anonymous.invalid>'
    assert wanted.identity == ""


@pytest.mark.parametrize("number", ["", "1", "+49110", "030110", "1234567", "11o", "١١٠"])
def test_nothing_long_passes_as_an_emergency(number: str) -> None:
    with pytest.raises(ValueError, match="not an emergency number"):
        EmergencyRoute(number)


def test_a_phone() -> None:
    wanted = dial(LEG, PhoneRoute("k7Qp_2-x"), "+493023125001", SETTINGS, "b")
    assert wanted.target == "sip:k7Qp_2-x@phones.strowger.invalid"
    assert wanted.sender == "<sip:+493023125001@strowger.invalid>"


def test_keys_of_a_telephone_may_be_dialled() -> None:
    assert "*21%23" in dial(LEG, over("provider", "*21#"), "", SETTINGS, "b").target


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(["trunk", "phone"]))
def test_no_text_smuggles_anything_into_a_uri(address: str, caller_id: str, kind: str) -> None:
    route = over("provider", address) if kind == "trunk" else PhoneRoute(address)
    try:
        wanted = dial(LEG, route, caller_id, SETTINGS, "b")
    except BadRoute:
        return
    for text in (wanted.target, wanted.to, wanted.sender, wanted.identity):
        assert not set(text) & set("\r\n;?,&= \t") or text.startswith('"Anonymous"')
        assert text.count("@") <= 1
        assert text.isascii()


@pytest.mark.parametrize("leg", ["", "a b", "a@b", "a\r\nb", "x" * 65])
def test_a_leg_with_a_strange_name_is_not_dialled(leg: str) -> None:
    with pytest.raises(BadRoute):
        dial(LegId(leg), PhoneRoute("p1"), "", SETTINGS, "b")

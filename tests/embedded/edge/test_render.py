"""Every configuration we write is one Kamailio accepts, and nothing in the settings can break out of it."""

from __future__ import annotations

import errno
import socket
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.config import Config, EdgeConfig, Secret, SipConfig, TrunkConfig
from firmware.edge.plan import Plan, Trunk, addresses_of_machine, default_address
from firmware.edge.render import check, render, render_plan
from firmware.model import OperatorError

PLAN = Plan(5070, "127.0.0.1:5060", "strowger.invalid", ("127.0.0.1:5060",), "127.0.0.1")
PROVIDER = Trunk("provider", "sip.example.org", 5060, username="u", password=Secret("p"), register=True)


@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        replace(PLAN, trunks=(PROVIDER,)),
        replace(
            PLAN,
            trunks=(PROVIDER, Trunk("b", "192.0.2.1", 5070, "tcp"), Trunk("c", "[2001:db8::1]", 5061, "tls")),
        ),
        replace(PLAN, listen=("127.0.0.1:5060", "[::1]:5060")),
        replace(PLAN, ban_after=1, ban_s=0.1, pike_window_s=1, pike_requests=1),
    ],
)
def test_kamailio_accepts_what_is_written(plan: Plan, tmp_path: Path) -> None:
    check(render_plan(plan, tmp_path / "kamailio"))


def test_the_settings_as_they_are_shipped(tmp_path: Path) -> None:
    trunk = TrunkConfig(name="provider", host="sip.example.org", username="u", password=Secret("geheim"))
    rendered = render(replace(Config(), trunks=(trunk,)), tmp_path)
    check(rendered)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"geheim" not in path.read_bytes()
            assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_writing_again_leaves_no_drafts_and_new_nonces(tmp_path: Path) -> None:
    first = render_plan(PLAN, tmp_path).kamailio.read_text()
    second = render_plan(PLAN, tmp_path).kamailio.read_text()
    assert not list(tmp_path.rglob("*.new"))
    changed = [line for line in second.splitlines() if line not in first.splitlines()]
    assert all("secret" in line or "ha1" in line for line in changed)
    assert changed


def test_every_address_is_spelled_out() -> None:
    assert "127.0.0.1:5060" in addresses_of_machine(["0.0.0.0:5060"])
    assert addresses_of_machine(["192.0.2.7:5060", "192.0.2.7:5060"]) == ("192.0.2.7:5060",)
    assert not any(address.startswith("0.0.0.0") for address in addresses_of_machine(["0.0.0.0:5060"]))


def test_the_proxy_is_always_listened_on() -> None:
    config = Config(sip=SipConfig(proxy="127.0.0.1:5090"), edge=EdgeConfig(listen=("192.0.2.7:5060",)))
    plan = Plan.of(config)
    assert plan.listen == ("127.0.0.1:5090", "192.0.2.7:5060")
    assert plan.outside == "192.0.2.7:5060"
    assert plan.media_address == default_address()


def test_a_refused_configuration_says_what_kamailio_says(tmp_path: Path) -> None:
    rendered = render_plan(PLAN, tmp_path)
    rendered.kamailio.write_text(
        rendered.kamailio.read_text().replace("route[BAN] {", "route[BAN] { nonsense();")
    )
    with pytest.raises(OperatorError, match="nonsense"):
        check(rendered)


@pytest.mark.parametrize(
    "change",
    [
        {"domain": 'x"; drop'},
        {"proxy": "127.0.0.1"},
        {"listen": ("0.0.0.0 5060",)},
        {"media_address": "1.2.3.4\nlisten-ng=0.0.0.0"},
        {"rtpengine": "here"},
        {"trunks": (replace(PROVIDER, host='a"b'),)},
        {"trunks": (replace(PROVIDER, name="A B"),)},
        {"trunks": (replace(PROVIDER, transport="sctp"),)},
    ],
)
def test_what_could_break_out_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(OperatorError):
        replace(PLAN, **change)  # type: ignore[arg-type]


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=12))
def test_no_text_survives_that_means_anything_to_kamailio(host: str, name: str, transport: str) -> None:
    try:
        plan = replace(PLAN, trunks=(Trunk(name, host, 5060, transport),))
    except OperatorError:
        return
    trunk = plan.trunks[0]
    assert not set(trunk.uri + trunk.name) & set("\"'$\\{}()#\r\n \t@<>")


@pytest.mark.parametrize(
    ("own", "offered"),
    [
        (("127.0.0.1",), "127.0.0.1"),
        ((), "127.0.0.1"),
        (("127.0.0.1", "10.0.2.15", "10.0.3.1"), "10.0.2.15"),
        (("127.0.0.1", "169.254.7.9", "192.168.178.20"), "192.168.178.20"),
        (("127.0.0.1", "169.254.7.9"), "169.254.7.9"),
    ],
)
def test_without_a_router_audio_goes_to_the_address_others_can_reach(
    monkeypatch: pytest.MonkeyPatch, own: tuple[str, ...], offered: str
) -> None:
    class Nowhere(socket.socket):
        def connect(self, address: object) -> None:
            raise OSError(errno.ENETUNREACH, "no route", address)

    monkeypatch.setattr("firmware.edge.plan.socket.socket", Nowhere)
    monkeypatch.setattr("firmware.edge.plan._own_addresses", lambda family: list(own))
    assert default_address() == offered

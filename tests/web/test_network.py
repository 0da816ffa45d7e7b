"""The page of the box's address: mistakes at their fields, where to look for the box next, who confirms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from firmware.network import plan
from tests.web.box import ADMINISTRATOR, AGENT, Box


@pytest.fixture
def flashed(own_office: Box) -> Box:
    """It believes that it came from an image."""
    mark = runtime(own_office) / "flash/system.conf"
    mark.parent.mkdir(exist_ok=True)
    mark.touch()
    return own_office


def runtime(box: Box) -> Path:
    return box.folder / "runtime"


def tell(box: Box, **told: object) -> None:
    """Root's word."""
    kept = plan.shown(plan.DEFAULT)
    text = json.dumps({"kept": kept, "trial": None, "outcome": "", "tried": None, **told})
    (runtime(box) / "network-told").write_text(text)


def test_a_machine_that_was_not_flashed_has_nothing_to_set(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    assert "ihre Adresse regelt ihr eigenes System" in client.get("/network").text
    assert client.post("/network", {"method": "dhcp"}).status == 422
    assert own_office.client(AGENT).get("/network").status == 403


def test_mistakes_stand_at_their_fields_and_nothing_is_asked_of_root(flashed: Box) -> None:
    client = flashed.client(ADMINISTRATOR)
    page = client.post(
        "/network", {"method": "fixed", "address": "127.0.0.1", "prefix": "99", "gateway": "router"}
    )
    assert page.status == 422
    for name in ("port", "address", "prefix", "gateway"):
        assert f'id="e-{name}"' in page.text
    assert 'value="router"' in page.text
    assert not (runtime(flashed) / "network-wanted").exists()


def test_the_answer_says_where_the_box_will_be(flashed: Box) -> None:
    client = flashed.client(ADMINISTRATOR)
    page = client.post("/network", {"method": "dhcp"})
    assert page.status == 200
    assert "Ihr Bildschirm zeigt" in page.text
    assert json.loads((runtime(flashed) / "network-wanted").read_text())["method"] == "dhcp"
    fixed = plan.read({"method": "fixed", "port": "eth0", "address": "192.0.2.10", "prefix": "24"}, ["eth0"])
    tell(flashed, trial={**plan.shown(fixed), "until": 1_790_000_000.0})
    assert 'href="https://192.0.2.10/network"' in client.get("/network").text
    client.post("/network/keep", {})
    assert "Öffnen Sie diese Seite unter https://192.0.2.10/network" in client.get("/network").text
    assert not (runtime(flashed) / "network-confirmed").exists()
    tell(flashed, trial={**plan.shown(plan.DEFAULT), "until": 1_790_000_000.0})
    assert "Diese Adresse behalten" in client.get("/network").text
    client.post("/network/keep", {})
    assert (runtime(flashed) / "network-confirmed").exists()
    tell(flashed, outcome="returned", tried=plan.shown(fixed))
    assert "niemand 192.0.2.10 bestätigt" in client.get("/network").text


def test_the_label_shows_a_fixed_address(flashed: Box) -> None:
    client = flashed.client(ADMINISTRATOR)
    fixed = plan.read({"method": "fixed", "port": "eth0", "address": "192.0.2.10", "prefix": "24"}, ["eth0"])
    tell(flashed, kept=plan.shown(fixed), outcome="kept")
    assert "https://192.0.2.10/" in client.get("/label").text
    page = client.get("/network").text
    assert "192.0.2.10/24" in page
    assert 'value="192.0.2.10"' in page

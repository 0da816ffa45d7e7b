"""The page for bad days: what a machine that was not flashed refuses, who may reset, and that a code is asked for."""

from __future__ import annotations

from tests.web.box import ADMINISTRATOR, AGENT, Box


def test_a_machine_that_was_not_flashed_is_neither_opened_nor_reset(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    page = client.get("/access")
    assert page.status == 200
    assert "wie Techniker hineinkommen, regelt ihr Besitzer" in page.text
    client.post("/access/key", {"key": "ssh-ed25519 " + "A" * 68})
    assert "wie Techniker hineinkommen, regelt ihr Besitzer" in client.get("/access").text
    client.post("/access/reset", {"kind": "wipe"})
    assert "das Zurücksetzen wüsste nicht, was zur Anlage gehört" in client.get("/access").text
    client.post("/access/reset/confirm", {"code": "000000"})
    assert "hat niemand ein Zurücksetzen verlangt" in client.get("/access").text
    assert not (own_office.folder / "state/reset").exists()
    assert own_office.client(AGENT).get("/access").status == 403

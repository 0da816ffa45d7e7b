"""What the technician's commands refuse and do: on a real store and control socket, with simulated telephony."""

from __future__ import annotations

import base64
import io
import json
import logging
import zipfile
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, ClassVar

import pytest

from board.modem.events import Identity
from board.modem.formats import Encoding, Format
from board.modem.stream import Counters
from board.modem.table import State
from firmware.clock import FakeClock
from firmware.commands.machinery import Machinery
from firmware.commands.support import bare_settings
from firmware.commands.technician_texts import TECHNICIAN_TEXTS
from firmware.config import Config, LineConfig, Secret, TrunkConfig
from firmware.edge.closer import PhoneSeen
from firmware.recent import Recent
from firmware.stories import Stories
from firmware.trial_calls import TrialCalls
from firmware.trunks.base import PhoneRoute, TrialRoute
from firmware.trunks.modem import LineStatus
from firmware.trunks.simulated import FarEnd, SimulatedMedia
from tests.unit.commands.office import Around, Box, opened

NUMBER = "030 23125001"
PLANTED = (
    *("Ada Lovelace", "ada.lovelace", "+493023125099", "geheim-99"),
    *("Sommeraktion", "ada@example.org", "192.0.2.77"),
)


class Looks:
    phones: ClassVar = {"p5": PhoneSeen("192.0.2.77:5060", "Ada's Snom 821", "udp", 1.0, 300)}
    trunks: ClassVar[dict[str, Any]] = {}


class Telephony:
    """Simulated lines, trunks and phones."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.media = SimulatedMedia(self.clock, lambda _route, _count: FarEnd(rings_after_s=1.0))
        self.trials = TrialCalls(self.clock, self.media, "DE", lambda _: None)
        self.recent, self.stories = Recent(), Stories(self.clock)
        self.states: dict[str, State] = {"analog-1": State.IDLE}
        self.legs = 0
        self.provisioned = 0

    def lines(self) -> Sequence[LineStatus]:
        known = Identity("cx930xx", "CX93001", Format(131, Encoding.ULAW), True)
        return [
            LineStatus(name, "analog", "/dev/ttyACM0", state, None, known, Counters(), 2, "+493023125099")
            for name, state in self.states.items()
        ]

    def provision(self) -> None:
        self.provisioned += 1

    def around(self) -> Around:
        machinery = Machinery(
            self.stories, self.recent, self.trials, Looks(), lambda: {"p5": True, "p6": False},
            self.lines, lambda _: self.legs, self.provision,
        )  # fmt: skip
        return Around(machinery=machinery)


@pytest.fixture
async def telephony() -> Telephony:
    made = Telephony()
    await made.media.start(made.trials.event)
    return made


async def begin(box: Box, to: str, **where: str) -> Any:
    return await box.ask("technician.call", to=to, by="Toni", **where)


@pytest.mark.parametrize(
    "number", ["112", "110", "1 1 2", "+49 112", "0112", "911", "(0)112", "tel:112", "112#"]
)
async def test_an_emergency_number_is_never_tried(tmp_path: Any, telephony: Telephony, number: str) -> None:
    async with opened(tmp_path, telephony.around()) as box:
        for where in ({"trunk": "provider"}, {"line": "analog-1"}, {}):
            refused = await box.refused("technician.call", to=number, by="Toni", **where)
            assert set(refused.values()) <= {"trial_emergency", "emergency_number"}, refused
    assert telephony.media.placed == []


async def test_a_line_with_a_call_on_it_is_left_alone(tmp_path: Any, telephony: Telephony) -> None:
    async with opened(tmp_path, telephony.around()) as box:
        for state in (State.TALKING, State.DIALLING, State.RINGING, State.GONE):
            telephony.states["analog-1"] = state
            refused = await box.refused("technician.call", to=NUMBER, by="Toni", line="analog-1")
            assert refused == {"line": "trial_line_busy"}
        telephony.legs = 30
        assert await box.refused("technician.call", to=NUMBER, by="T", trunk="provider") == {
            "trunk": "trial_trunk_full"
        }
    assert telephony.media.placed == []


async def test_other_things_that_cannot_be_called(tmp_path: Any, telephony: Telephony) -> None:
    async with opened(tmp_path, telephony.around()) as box:
        asked = [
            ({"to": "p6"}, "trial_phone_away"),
            ({"to": NUMBER}, "trial_trunk_unknown"),
            ({"to": NUMBER, "trunk": "other"}, "trial_trunk_down"),
            ({"to": NUMBER, "line": "none"}, "trial_line_unknown"),
        ]
        for args, key in asked:
            assert set((await box.refused("technician.call", by="T", **args)).values()) == {key}
        assert set(await box.refused("technician.call", by="T", to="Ada", trunk="provider")) == {"to"}
        await begin(box, "p5")
        assert await box.refused("technician.call", to="p5", by="T") == {"to": "trial_under_way"}


async def test_a_phone_a_trunk_and_one_line_of_several(tmp_path: Any, telephony: Telephony) -> None:
    async with opened(tmp_path, telephony.around()) as box:
        for args in ({"to": "p5"}, {"to": NUMBER, "trunk": "provider"}, {"to": NUMBER, "line": "analog-1"}):
            await begin(box, **args)
            assert (await box.ask("technician.hang_up"))["ended"]
            await telephony.clock.advance(5)
    assert [placed.route for placed in telephony.media.placed] == [
        PhoneRoute("p5"),
        TrialRoute("+493023125001", "provider"),
        TrialRoute("+493023125001", "analog", "analog-1"),
    ]


async def test_without_telephony_nothing_is_called_and_the_page_still_has_the_machine(tmp_path: Any) -> None:
    async with opened(tmp_path) as box:
        assert await box.refused("technician.call", to="p5", by="T") == {"to": "trial_not_here"}
        assert await box.refused("technician.provision", by="T") == {"": "trial_not_here"}
        state = await box.ask("technician.state")
    assert {part["part"] for part in state["machine"]} == {"network", "clock", "disk", "heat", "version"}
    assert state["lines"] == []


async def test_the_page_is_told_of_lines_and_phones_with_callers_masked(
    tmp_path: Any, telephony: Telephony
) -> None:
    async with opened(tmp_path, telephony.around()) as box:
        state = await box.ask("technician.state")
        assert (await box.ask("technician.provision", by="T")) == {"phones": 2, "trunks": 2}
    assert telephony.provisioned == 1
    assert state["lines"][0]["caller"] == "+49 30 23••••99"
    phones = {phone["name"]: phone for phone in state["phones"]}
    assert (phones["p5"]["agent"], phones["p5"]["registered"]) == ("Ada's Snom 821", True)
    assert phones["p6"] == {"name": "p6", "registered": False}


@pytest.mark.parametrize("language", ["de", "en"])
async def test_the_acceptance_sheet_is_a_pdf_with_the_last_tests(
    tmp_path: Any, telephony: Telephony, language: str
) -> None:
    async with opened(tmp_path, telephony.around()) as box:
        await begin(box, "p5")
        await box.ask("technician.hang_up")
        await telephony.clock.advance(5)
        made = await box.ask("technician.paper", by="Toni", language=language, customer="Büro", remark="")
    assert base64.b64decode(made["content"]).startswith(b"%PDF-")
    assert made["name"].startswith("acceptance-")


# -- what leaves the house ------------------------------------------------------------------------------------


def planted_settings(config: Config) -> Config:
    trunk = TrunkConfig(
        name="sommeraktion", host="192.0.2.77", username="+493023125099", password=Secret("geheim-99"),
        caller_ids=("+493023125099",),
    )  # fmt: skip
    line = LineConfig(name="ada", port="/dev/ada", number="+493023125099")
    return replace(config, trunks=(trunk,), lines=(line,), box=replace(config.box, name="Ada Lovelace"))


def test_settings_leave_no_text_that_could_name_somebody() -> None:
    shown = json.dumps(bare_settings(planted_settings(Config())), ensure_ascii=False).lower()
    for planted in (*PLANTED, "/dev/ada"):
        assert planted.lower() not in shown
    assert '"calls_per_second": 10.0' in shown
    assert len(bare_settings(Config())) == len(fields(Config))


async def test_the_support_bundle_has_nothing_of_anybody(tmp_path: Any, telephony: Telephony) -> None:
    """Names, numbers, addresses and secrets are planted wherever the box keeps any."""
    log = logging.getLogger("firmware.planted")
    log.addHandler(telephony.recent)
    log.setLevel(logging.INFO)
    async with opened(tmp_path, telephony.around()) as box:
        await box.ask(
            "user.create", login="ada.lovelace", name="Ada Lovelace", roles=["agent"],
            password_hash="scrypt$16384$8$5$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g=",
        )  # fmt: skip
        await box.contact_list(name="Sommeraktion")
        await box.ask("dnc.add", list_id=1, numbers=["+493023125099"], who="Ada Lovelace")
        box.hub.publish("agent", {"id": 1, "name": "Ada Lovelace", "state": "ready"})
        box.hub.publish(
            "health",
            {
                "check": "trunk:Sommeraktion", "ok": False, "severity": "warning", "key": "trunk_down",
                "figures": {"trunk": "Sommeraktion", "url": "http://ada@example.org/geheim-99", "count": 3},
            },
        )  # fmt: skip
        for planted in PLANTED:
            log.warning("about %s", planted)
        log.warning("%d rows in %.1f s", 12, 0.5)
        made = await box.ask("support.bundle")
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(made["content"]))) as bundle:
        texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    for name, text in texts.items():
        for planted in (*PLANTED, "493023125099", "23125099", "Lovelace", "Snom", "aGFzaGhh"):
            assert planted.lower() not in text.lower(), (name, planted)
    assert "12 rows in 0.5 s" in texts["journal.txt"]
    assert "CREATE TABLE" in texts["schema.sql"]
    assert json.loads(texts["tables.json"])["user"] == 1
    assert {"check": "trunk", "ok": False, "key": "trunk_down", "figures": {"count": 3}} in json.loads(
        texts["health.json"]
    )


# -- stories --------------------------------------------------------------------------------------------------


async def test_no_story_of_an_attempt_nobody_made(tmp_path: Any, telephony: Telephony) -> None:
    async with opened(tmp_path, telephony.around()) as box:
        assert await box.refused("story.of", uid="0" * 26) != {}


def test_every_refusal_has_both_languages() -> None:
    assert all(english and german for english, german in TECHNICIAN_TEXTS.values())

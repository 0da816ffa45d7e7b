"""Why not this one, consent, the chain of permits and its sheets, over the real socket and the real command line."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import sqlite3
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from firmware import cli
from firmware.compliance.judge import judge
from firmware.compliance.packs import PACKS
from firmware.model import (
    AttemptUid,
    CallWindow,
    CampaignId,
    CampaignSettings,
    CampaignState,
    DiallingMode,
    Disposition,
    Purpose,
)
from firmware.papers.pdf import latin
from firmware.papers.words import RESULTS, WORDS
from firmware.rulebook.order import Order, Sort
from firmware.store import attempts, campaigns, claims, ordering
from firmware.store.store import StoreError
from tests.unit.commands.office import CALLER, Box, run

TUESDAY_NOON = datetime.fromisoformat("2027-03-02T12:00:00+01:00").timestamp()
WINDOWS = tuple(CallWindow(day, 9 * 60, 18 * 60) for day in range(5))
NUMBER = "+493023125000"


async def campaign_in(box: Box, **settings: Any) -> CampaignId:
    """A running campaign over three contacts, on a Tuesday at noon."""
    box.clock.step_utc(TUESDAY_NOON - box.clock.utc())
    list_id = await box.contact_list()

    def work(conn: sqlite3.Connection) -> CampaignId:
        made = CampaignSettings("Umfrage", list_id, windows=WINDOWS, caller_id=CALLER, **settings)  # type: ignore[arg-type]
        campaign = campaigns.create(conn, made, box.clock.utc())
        campaigns.set_state(conn, campaign, CampaignState.RUNNING, box.clock.utc())
        return campaign

    return await box.store.do(work)


async def claim(box: Box, campaign: CampaignId, count: int = 1) -> list[AttemptUid]:
    now = box.clock.utc()

    def work(conn: sqlite3.Connection) -> list[AttemptUid]:
        found = campaigns.get(conn, campaign)
        made = claims.claim_due(conn, found, now, count, lambda c: judge(c, found.settings, now))
        return [each.attempt_uid for each in made.claims]

    return await box.store.do(work)


async def command(box: Box, *words: str) -> int:
    """The command line, as a person at the box would use it."""
    config = box.config.paths.state / "strowger.toml"
    paths = box.config.paths
    config.write_text(f'[paths]\nstate = "{paths.state}"\nruntime = "{paths.runtime}"\n')
    return await asyncio.to_thread(cli.main, [*words, "--config", str(config)])


def written(pdf: bytes) -> str:
    """The text of a PDF, as its pages show it."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream).decode("cp1252"))
        except (zlib.error, UnicodeDecodeError):
            continue
    texts = re.findall(r"\(((?:[^()\\]|\\.)*)\) Tj", "\n".join(found))
    return " ".join(re.sub(r"\\(.)", r"\1", text) for text in texts)


# -- why not -------------------------------------------------------------------------------------------------------


def test_why_is_asked_of_somebody() -> None:
    async def scene(box: Box) -> None:
        assert await box.refused("contact.why") == {"number": "why_whom"}
        assert await box.refused("contact.why", contact=1, number=NUMBER) == {"number": "why_whom"}
        assert await box.refused("contact.why", contact=1) == {"number": "contact_unknown"}
        assert await box.refused("contact.why", number="030 23125999") == {"number": "contact_unknown"}
        assert await box.refused("contact.why", number="abc") == {"": "not_a_number"}

    run(scene)


def test_every_reason_is_named_with_the_moment_it_ends() -> None:
    async def scene(box: Box) -> None:
        campaign = await campaign_in(box)
        (answer,) = (await box.ask("contact.why", number="030 23125000"))["answers"]
        assert (answer["blocks"], answer["callable_at"]) == ([], TUESDAY_NOON)
        assert (answer["packs"], answer["zones"], answer["places"]) == (
            *("de 2026.1", ["Europe/Berlin"], ["DE-BE", "DE-BB"]),
        )
        (uid,) = await claim(box, campaign)
        (answer,) = (await box.ask("contact.why", number=NUMBER))["answers"]
        assert [block["rule"] for block in answer["blocks"]] == ["contact_in_flight", "too_soon"]
        then = TUESDAY_NOON + 86400
        await box.store.do(
            lambda conn: attempts.dispose(conn, uid, Disposition.ABANDONED, TUESDAY_NOON, then)
        )
        await box.ask("dnc.add", list_id=1, numbers=[NUMBER], source="test")
        (answer,) = (await box.ask("contact.why", contact=1))["answers"]
        assert [block["rule"] for block in answer["blocks"]] == [
            *("not_due", "dnc", "too_soon", "abandoned_recently"),
        ]
        assert answer["callable_at"] is None
        await box.ask("dnc.remove", list_id=1, numbers=[NUMBER], source="test")
        (answer,) = (await box.ask("contact.why", contact=1))["answers"]
        assert answer["callable_at"] == TUESDAY_NOON + 3 * 86400

    run(scene)


async def blocks_of(box: Box, contact: int = 1) -> dict[str, Any]:
    (answer,) = (await box.ask("contact.why", contact=contact))["answers"]
    return {"callable_at": answer["callable_at"]} | {each["rule"]: each for each in answer["blocks"]}


def test_the_filter_that_leaves_a_contact_out_is_named_and_waiting_does_not_help() -> None:
    async def scene(box: Box) -> None:
        campaign = await campaign_in(box)
        wanted = {"filter": {"field": ":name", "is": "equals", "value": "Ulm"}}
        await box.ask("campaign.set_order", id=campaign, order=wanted, who="anna")
        await claim(box, campaign)
        found = await blocks_of(box)
        assert found["filtered_out"]["figures"]["said"] == 'name is "Ulm"'
        assert found["callable_at"] is None
        await box.ask("campaign.set_order", id=campaign, order={}, who="anna")
        assert await blocks_of(box) == {"callable_at": TUESDAY_NOON}

    run(scene)


def test_an_order_that_is_not_ready_yet_is_a_reason_and_the_time_stays() -> None:
    async def scene(box: Box) -> None:
        campaign = await campaign_in(box)
        await box.store.do(
            lambda conn: ordering.set_order(conn, campaign, Order((Sort(":name"),)), "anna", TUESDAY_NOON)
        )
        found = await blocks_of(box)
        assert ("order_being_prepared" in found, found["callable_at"]) == (True, TUESDAY_NOON)

        def tended(conn: sqlite3.Connection) -> None:
            while ordering.tend(conn, TUESDAY_NOON):
                pass

        await box.store.do(tended)
        assert await blocks_of(box) == {"callable_at": TUESDAY_NOON}

    run(scene)


def test_a_rule_that_would_hold_back_is_named_with_the_moment_it_lets_go() -> None:
    async def scene(box: Box) -> None:
        campaign = await campaign_in(box)
        tuesday = {"field": ":weekday", "is": "equals", "value": "1"}
        rest = {
            "name": "rest day",
            "moment": "before",
            "when": tuesday,
            "then": [{"do": "skip", "for_s": 3600}],
        }
        await box.ask("campaign.set_rules", id=campaign, rules=[rest], who="anna")
        found = await blocks_of(box)
        assert found["rule_skips"]["figures"] == {"rule": "rest day"}
        assert found["rule_skips"]["until"] == TUESDAY_NOON + 3600
        assert found["callable_at"] == TUESDAY_NOON + 21 * 3600, "Wednesday at nine"
        other = await box.contact_list(name="other")
        moved = {"name": "away", "moment": "before", "then": [{"do": "move", "list_id": other}]}
        await box.ask("campaign.set_rules", id=campaign, rules=[moved], who="anna")
        found = await blocks_of(box)
        assert (found["rule_moves"]["figures"], found["callable_at"]) == ({"rule": "away"}, None)
        (answer,) = (await box.ask("contact.why", contact=1))["answers"]
        assert answer["list"] == "Liste", "asking moved nobody"

    run(scene)


def test_a_number_dialled_often_enough_and_an_owner_who_is_not_there_are_reasons() -> None:
    async def scene(box: Box) -> None:
        campaign = await campaign_in(
            box, mode=DiallingMode.PREVIEW, owner_field="Betreuer", max_attempts_number=1
        )
        (uid,) = await claim(box, campaign)
        await box.store.do(
            lambda conn: attempts.dispose(conn, uid, Disposition.BUSY, TUESDAY_NOON, TUESDAY_NOON)
        )
        await box.store.do(lambda conn: conn.execute('UPDATE contact SET fields = \'{"Betreuer":"Zoe"}\''))
        found = await blocks_of(box)
        assert found["number_used_up"]["figures"] == {"attempts": "1", "limit": "1"}
        assert found["owner_unknown"]["figures"] == {"owner": "zoe"}
        assert await command(box, "why", "1") == 0

    run(scene)


def test_the_command_line_says_why_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene(box: Box) -> None:
        await campaign_in(box, purpose=Purpose.SALES)
        await box.clock.advance(7 * 3600)
        assert await command(box, "why", NUMBER) == 0
        said = capsys.readouterr().out
        assert "no record of the consent" in said
        assert "Outside the call windows. Until 2027-03-03T08:00:00+00:00." in said
        assert "Not callable by waiting." in said
        await box.ask("consent.add", number=NUMBER, purpose="sales", source="form 7", wording="You may call.")
        assert await command(box, "why", "1") == 0
        assert "Callable from 2027-03-03T08:00:00+00:00." in capsys.readouterr().out
        assert await command(box, "why", "1", "--json") == 0
        assert json.loads(capsys.readouterr().out)["answers"][0]["campaign"] == "Umfrage"
        assert await command(box, "why", "99") == 1

    run(scene)


# -- consent -------------------------------------------------------------------------------------------------------


@pytest.mark.req("GEN-106")
def test_a_sales_call_needs_the_record_and_its_permit_keeps_it() -> None:
    async def scene(box: Box) -> None:
        campaign = await campaign_in(box, purpose=Purpose.SALES)
        assert await claim(box, campaign, 3) == []
        made = await box.ask(
            "consent.add",
            number=NUMBER,
            purpose="sales",
            source="form 7",
            wording="Sie dürfen mich anrufen.",
            given_at=TUESDAY_NOON - 86400,
            proof="form-7.pdf",
            by="office",
        )
        (uid,) = await claim(box, campaign, 3)
        permit = (await box.store.do(lambda conn: attempts.get(conn, uid))).permit
        assert permit.consent["sales"]["id"] == made["id"]
        assert permit.consent["sales"]["wording"] == "Sie dürfen mich anrufen."
        assert (await box.ask("consent.withdraw", id=made["id"], source="call"))["done"]
        assert not (await box.ask("consent.withdraw", id=made["id"], source="call"))["done"]
        (kept,) = (await box.ask("consent.of", number=NUMBER))["consents"]
        assert (kept["withdrawn_source"], kept["recorded_by"]) == ("call", "office")
        await box.store.do(
            lambda conn: attempts.dispose(conn, uid, Disposition.BUSY, TUESDAY_NOON, TUESDAY_NOON + 1)
        )
        await box.clock.advance(86400)
        assert await claim(box, campaign, 3) == []

    run(scene)


def test_consent_cannot_be_invented() -> None:
    async def scene(box: Box) -> None:
        await campaign_in(box)
        good = {"number": NUMBER, "purpose": "sales", "source": "form", "wording": "Yes."}
        later = TUESDAY_NOON + 60
        assert await box.refused("consent.add", **good, given_at=later) == {"given_at": "consent_in_future"}
        assert await box.refused("consent.add", **good, until=TUESDAY_NOON) == {"until": "consent_ends_first"}
        assert await box.refused("consent.add", **{**good, "number": "112"}) == {"": "emergency_number"}
        assert await box.refused("consent.withdraw", id=9, source="x") == {"id": "consent_unknown"}
        assert await box.refused("consent.add", **{**good, "purpose": "fun"}) != {}

    run(scene)


def test_records_of_consent_are_only_ever_added(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene(box: Box) -> None:
        await campaign_in(box)
        await box.ask("consent.add", number=NUMBER, purpose="all", source="form", wording="Yes.")
        for statement in ("UPDATE consent SET wording = ''", "DELETE FROM consent"):
            with pytest.raises(StoreError, match="only added to"):
                await box.store.do(lambda conn, sql=statement: conn.execute(sql) and None)

    run(scene)


# -- the chain and its sheets --------------------------------------------------------------------------------------


def tamper(database: Path) -> None:
    conn = sqlite3.connect(database)
    (sql,) = conn.execute("SELECT sql FROM sqlite_schema WHERE name = 'attempt_kept'").fetchone()
    conn.execute("DROP TRIGGER attempt_kept")
    conn.execute("UPDATE attempt SET permit = json_set(permit, '$.zone', 'Asia/Tokyo') WHERE id = 2")
    conn.execute(sql)
    conn.commit()
    conn.close()


def test_tampering_is_found_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene(box: Box) -> None:
        campaign = await campaign_in(box)
        uids = await claim(box, campaign, 3)
        assert await command(box, "permit", "verify") == 0
        said = capsys.readouterr().out
        assert said.startswith("3 permits, all as they were written. Head: 3 ")
        head = said.split()[-1]
        assert await command(box, "permit", "verify", "--head", head) == 0
        assert await command(box, "permit", "verify", "--head", "f" * 64) == 1
        await asyncio.to_thread(tamper, box.config.paths.database)
        capsys.readouterr()
        assert await command(box, "permit", "verify") == 1
        said = capsys.readouterr().out
        assert f"NOT SOUND: the permit of attempt {uids[1]} (link 2) is not as it was written" in said

    run(scene)


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_attempt_on_paper(tmp_path: Path, language: str) -> None:
    async def scene(box: Box) -> None:
        campaign = await campaign_in(box)
        (uid,) = await claim(box, campaign)
        sheet = tmp_path / "permit.pdf"
        assert await command(box, "permit", uid, "--pdf", str(sheet), "--language", language) == 0
        text = written(await asyncio.to_thread(sheet.read_bytes))
        wanted = {
            "de": ("Anrufnachweis", "Tue 09:00-18:00", "gleiche Angaben, gleiche Antwort", "DE-BE, DE-BB"),
            "en": (
                "Permit",
                "Europe/Berlin",
                "the same facts give the same answer",
                "this campaign: 0 of 30",
            ),
        }
        for said in (uid, NUMBER, "de 2026.1", "Opt-outs", CALLER, "Umfrage", *wanted[language]):
            assert said in text, said
        head = (await box.ask("permit.verify"))["head"]["hash"]
        assert head in text.replace(" ", "")

    run(scene)


def test_a_person_on_paper(tmp_path: Path) -> None:
    async def scene(box: Box) -> None:
        campaign = await campaign_in(box)
        (uid,) = await claim(box, campaign)
        await box.ask("consent.add", number=NUMBER, purpose="all", source="form 9", wording="Gerne (immer)!")
        await box.ask("dnc.add", list_id=1, numbers=[NUMBER], source="test")
        sheet = tmp_path / "person.pdf"
        assert await command(box, "permit", "--person", "030 23125000", "--pdf", str(sheet)) == 0
        text = written(await asyncio.to_thread(sheet.read_bytes))
        for said in (uid, "Gerne (immer)!", "form 9", "Opt-outs", "Alles über +493023125000"):
            assert said in text, said
        nobody = await box.ask("permit.paper", number="+493023125777", language="en")
        assert "The number was never dialled." in written(base64.b64decode(nobody["content"]))
        assert nobody["name"] == "permit-493023125777.pdf"

    run(scene)


def test_a_sheet_that_cannot_be_made_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene(box: Box) -> None:
        assert await box.refused("permit.paper") == {"uid": "paper_of_what"}
        assert await box.refused("permit.paper", uid="x", number=NUMBER) == {"uid": "paper_of_what"}
        assert await box.refused("permit.paper", uid="0" * 26) == {"attempt": "attempt_unknown"}
        assert await command(box, "permit") == 1
        assert await command(box, "permit", "--person", NUMBER) == 1
        assert await command(box, "permit", "--person", NUMBER, "--pdf", "/nowhere/x.pdf") == 1
        assert "Cannot write /nowhere/x.pdf" in capsys.readouterr().err

    run(scene)


def test_letters_the_fonts_do_not_have_become_their_nearest() -> None:
    assert latin("Łódź, Ağrı, Ørsted, Zürich – 100 €") == "Lódz, Agri, Ørsted, Zürich – 100 €"
    assert latin("中\r\n\x00") == "?"


def test_every_word_on_paper_is_there_in_both_languages() -> None:
    for english, german in (*WORDS.values(), *RESULTS.values()):
        assert english
        assert german
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", german))
    assert set(RESULTS) >= {word.value for word in Disposition}


# -- rules ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("GEN-059")
def test_the_rules_are_shown_with_their_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules"]) == 0
    assert "own 2026.1   where no other applies" in capsys.readouterr().out
    for name in PACKS:
        assert cli.main(["rules", name]) == 0
        said = capsys.readouterr().out
        assert all(source.text in said for source in PACKS[name].sources.values())
        assert cli.main(["rules", name, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["version"] == PACKS[name].version
    assert cli.main(["rules", "de"]) == 0
    said = capsys.readouterr().out
    assert "limits: 3 per day, 15 per week, 30 per campaign" in said
    assert "to be confirmed" in said
    assert cli.main(["rules", "xx"]) == 1

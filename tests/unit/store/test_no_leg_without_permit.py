"""No call without a permit, whatever is asked for: random campaigns, rules, lists, opt-outs, consents and clocks,
through the real store, the real judge and every claim; and each permit, asked again by what it keeps, says the same.
"""

from __future__ import annotations

import ast
import sqlite3
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import settings as depth
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import firmware
from firmware.compliance.again import judge_again
from firmware.compliance.holiday_tables import is_closed
from firmware.compliance.in_force import office_of
from firmware.compliance.judge import judge
from firmware.compliance.packs import PACKS
from firmware.compliance.rules import PERIOD_S, Need
from firmware.compliance.windows import open_now
from firmware.model import (
    AttemptUid,
    CallWindow,
    CampaignId,
    CampaignSettings,
    CampaignState,
    Claim,
    ContactId,
    Disposition,
    OperatorError,
    Purpose,
)
from firmware.store import attempts, campaigns, claims, consents, contacts, dnc, opening, permits

BEGIN = datetime.fromisoformat("2027-03-24T10:00:00+00:00").timestamp()
"""A Wednesday before Easter and before the clocks change in Europe."""
NUMBERS = (
    *("+493023125000", "+498923125001", "+491711234567", "+441632960123", "+33199000000", "+33399000000"),
    *("+12025550123", "+43131000000", "+41443123456", "+911234567890", "+97715551234", "+61255501234"),
)
ZONES = (
    (),
    ("Europe/Berlin",),
    ("Asia/Kolkata", "Europe/London"),
    ("Asia/Kathmandu",),
    ("Australia/Lord_Howe",),
)
FIELDS: tuple[dict[str, str], ...] = ({}, {"PLZ": "80331"}, {"Bundesland": "Sachsen"}, {"region": "?"})
ALWAYS = tuple(CallWindow(day, 0, 1440) for day in range(7))
WINDOWS = st.just(ALWAYS) | st.lists(
    st.builds(CallWindow, st.integers(0, 6), st.integers(0, 719), st.integers(720, 1440)),
    min_size=3,
    max_size=9,
).map(tuple)
RULES = st.fixed_dictionaries(
    {},
    optional={
        "attempts_per_day": st.integers(1, 5),
        "attempts_per_campaign": st.integers(1, 4),
        "holidays": st.booleans(),
        "after_machine_s": st.sampled_from([0.0, 86400.0]),
        "consent": st.just({"sales": "record"}),
        "hours": st.just([{"weekday": day, "start_min": 0, "end_min": 1440} for day in range(7)]),
    },
)
CAMPAIGNS = st.builds(
    CampaignSettings,
    name=st.just("c"),
    country=st.sampled_from(["DE", "GB", "US", "FR", "IN"]),
    rule_pack=st.sampled_from(["", *PACKS]),
    rules=RULES,
    purpose=st.just(Purpose.SERVICE) | st.sampled_from(Purpose),
    windows=WINDOWS,
    max_attempts=st.integers(1, 6),
    min_gap_s=st.sampled_from([0.0, 600.0, 14400.0]),
    default_zone=st.sampled_from(["Europe/Berlin", "America/New_York"]),
    caller_id=st.sampled_from(["", "+493023125999", "+33612345678"]),
)
WAITS = st.sampled_from([60.0, 600.0, 3600.0, 6 * 3600.0, 86400.0, 3 * 86400.0, -3600.0])


class Offices(RuleBasedStateMachine):
    """Two campaigns over one set of numbers, an office that changes its mind, and a clock nobody trusts."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="strowger-permits-")
        self.conn: sqlite3.Connection = opening.open_writer(Path(self.folder.name) / "strowger.db")
        self.now = BEGIN
        self.campaigns: list[CampaignId] = []
        self.open: list[AttemptUid] = []
        self.given: dict[AttemptUid, Claim] = {}

    @initialize(data=st.data())
    def two_campaigns(self, data: st.DataObject) -> None:
        for _ in range(2):
            list_id = contacts.create_list(self.conn, "l", self.now)
            rows = [
                contacts.NewContact(
                    number, "P", data.draw(st.sampled_from(ZONES)), 0, data.draw(st.sampled_from(FIELDS))
                )
                for number in NUMBERS
            ]
            contacts.add(self.conn, list_id, rows)
            settings = _on(data.draw(CAMPAIGNS), list_id)
            campaign = campaigns.create(self.conn, settings, self.now)
            campaigns.set_state(self.conn, campaign, CampaignState.RUNNING, self.now)
            self.campaigns.append(campaign)

    @rule(which=st.integers(0, 1), limit=st.integers(1, 6))
    def claim_now(self, which: int, limit: int) -> None:
        self.claim_due(which, limit)

    def claim_due(self, which: int, limit: int) -> None:
        campaign = campaigns.get(self.conn, self.campaigns[which])
        made = claims.claim_due(
            self.conn, campaign, self.now, limit, lambda c: judge(c, campaign.settings, self.now)
        )
        for each in made.claims:
            self._granted(campaign, each)

    @rule(which=st.integers(0, 1), contact=st.integers(1, 2 * len(NUMBERS)))
    def claim_one_by_hand(self, which: int, contact: int) -> None:
        campaign = campaigns.get(self.conn, self.campaigns[which])
        found = claims.claim_contact(
            self.conn, campaign, ContactId(contact), self.now, lambda c: judge(c, campaign.settings, self.now)
        )
        if isinstance(found, Claim):
            self._granted(campaign, found)

    def _granted(self, campaign: campaigns.Campaign, made: Claim) -> None:
        self.open.append(made.attempt_uid)
        self.given[made.attempt_uid] = made
        self._allowed(campaign, made)

    def _allowed(self, campaign: campaigns.Campaign, made: Claim) -> None:
        """Everything a call needs, looked up anew in the plainest way."""
        permit, settings = made.permit, campaign.settings
        rules = office_of(settings).for_number(made.number)
        zones = permit.zone.split(", ")
        assert open_now(rules.windows, zones, self.now)
        assert open_now(settings.windows, zones, self.now)
        assert not dnc.look_up(self.conn, made.number, self.now)
        if rules.rules.holidays:
            for text in permit.local_time.split(", "):
                day = datetime.fromisoformat(text).date().toordinal() - date(1970, 1, 1).toordinal()
                assert not any(is_closed(place, day) for place in permit.regions.split(", "))
        earlier = self.conn.execute(
            "SELECT started_at, campaign_id FROM attempt WHERE number = ? AND sent = 1 AND uid <> ?",
            (int(made.number[1:]), made.attempt_uid),
        ).fetchall()
        for each in rules.rules.limits:
            counted = [
                at
                for at, whose in earlier
                if at > self.now - PERIOD_S[each.period]
                and (each.period != "campaign" or whose == campaign.id)
            ]
            assert len(counted) < each.most
        if rules.rules.need(settings.purpose) is Need.RECORD:
            standing = consents.standing(self.conn, int(made.number[1:]))
            assert {c.purpose for c in standing} & {settings.purpose.value, "all"}

    @precondition(lambda self: self.open)
    @rule(
        data=st.data(),
        word=st.sampled_from(["busy", "abandoned", "machine", "contacted"]),
        again=st.booleans(),
    )
    def end(self, data: st.DataObject, word: str, again: bool) -> None:
        uid = self.open.pop(data.draw(st.integers(0, len(self.open) - 1)))
        attempts.dispose(self.conn, uid, Disposition(word), self.now, self.now if again else None)

    @precondition(lambda self: self.open)
    @rule()
    def take_back(self) -> None:
        claims.requeue(self.conn, self.open.pop(), self.now)

    @rule(number=st.sampled_from(NUMBERS), off=st.booleans())
    def opt_out(self, number: str, off: bool) -> None:
        (dnc.remove if off else dnc.add)(self.conn, dnc.OPT_OUTS, [number], "test", self.now)

    @rule(number=st.sampled_from(NUMBERS), for_s=st.sampled_from([60.0, 7200.0]))
    def block_for_a_while(self, number: str, for_s: float) -> None:
        dnc.add(self.conn, dnc.OPT_OUTS, [number], "test", self.now, expires_at=self.now + for_s)

    @rule(
        number=st.sampled_from(NUMBERS),
        purpose=st.sampled_from(["sales", "all", "automated"]),
        days=st.integers(-1, 2),
    )
    def consent(self, number: str, purpose: str, days: int) -> None:
        until = None if days < 0 else self.now + days * 86400
        new = consents.NewConsent(number, purpose, self.now, "form", "You may call me.", until)
        consents.add(self.conn, new, "test", self.now)

    @rule(number=st.sampled_from(NUMBERS))
    def withdraw(self, number: str) -> None:
        for each in consents.standing(self.conn, int(number[1:])):
            consents.withdraw(self.conn, each.id, "call", "test", self.now)

    @rule(which=st.integers(0, 1), data=st.data())
    def change_the_rules(self, which: int, data: st.DataObject) -> None:
        before = campaigns.get(self.conn, self.campaigns[which]).settings
        assume(before.contact_list_id is not None)
        settings = _on(data.draw(CAMPAIGNS), before.contact_list_id)
        campaigns.update(self.conn, self.campaigns[which], settings, self.now)

    @rule(by_s=WAITS)
    def wait(self, by_s: float) -> None:
        self.now += by_s
        for which in range(2):
            self.claim_due(which, 4)

    @rule()
    def dial_past_the_claim(self) -> None:
        with pytest.raises(sqlite3.IntegrityError, match="no attempt without a permit"):
            self.conn.execute(
                "INSERT INTO attempt (uid, campaign_id, contact_id, number, permit, state, started_at)"
                " VALUES (printf('%026d', 1), 1, 999, 1, '{}', 'intent', 0)"
            )

    @invariant()
    def every_attempt_stands_in_the_chain(self) -> None:
        found = permits.verify(self.conn)
        assert (found.fault, found.checked) == ("", len(self.given))

    @invariant()
    def nobody_is_given_up_for_a_mistake_in_the_rules(self) -> None:
        reasons = self.conn.execute("SELECT DISTINCT closed_reason FROM contact WHERE state = 'closed'")
        lost = {
            "window_closed",
            "holiday",
            "no_window",
            "unknown_rules",
            "caller_id_forbidden",
            "period_limit",
        }
        assert not {reason for (reason,) in reasons} & lost

    def teardown(self) -> None:
        for uid, made in self.given.items():
            stored = attempts.get(self.conn, uid).permit
            settings = permits.kept_settings(self.conn, stored.settings)
            assert settings is not None
            assert judge_again(stored, settings) == stored == made.permit
        self.conn.close()
        self.folder.cleanup()


def _on(settings: CampaignSettings, list_id: Any) -> CampaignSettings:
    values = {name: getattr(settings, name) for name in CampaignSettings.__slots__}
    return CampaignSettings(**{**values, "contact_list_id": list_id})


TestOffices = pytest.mark.req("GEN-060", "GEN-061", "GEN-063", "GEN-064")(Offices.TestCase)
TestOffices.settings = depth(max_examples=25, stateful_step_count=40, deadline=None)


def _calls(name: str) -> set[str]:
    """Files of the service that call something of this name."""
    root = Path(firmware.__path__[0])
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == name
            ):
                found.add(str(path.relative_to(root)))
    return found


def test_only_the_judge_gives_permits_and_only_the_claim_makes_claims_of_them() -> None:
    assert _calls("Permit") == {"compliance/judge.py", "store/attempt_rows.py"}
    assert _calls("Claim") - {"config/ports.py"} == {"store/claims.py"}  # ports have claims of their own
    assert _calls("TrunkRoute") == {"calls/switchboard.py"}
    inside_trunks = {"trunks/sip.py", "trunks/lines.py", "trunks/told.py"}  # handing on what they were given
    to_phones = {"calls/desks.py", "calls/monitors.py"}
    assert _calls("PhoneRoute") == {*to_phones, "commands/technician.py"}
    assert _calls("DestinationRoute") == {
        "calls/company.py"
    }  # of the office's directory, for a call that is up
    assert _calls("TrialRoute") == {
        "commands/technician.py"
    }  # one test call at a time, in the log of changes
    others = {"calls/company.py", "trial_calls.py"}
    assert _calls("originate") == {"calls/switchboard.py", *to_phones, *others, *inside_trunks}


def test_an_unknown_campaign_claims_nothing(tmp_path: Path) -> None:
    conn = opening.open_writer(tmp_path / "strowger.db")
    with pytest.raises(OperatorError):
        campaigns.get(conn, CampaignId(1))
    assert permits.head(conn).seq == 0
    conn.close()

"""Which rule refuses, until when, and what a permit keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from firmware.campaigns.defaults import WINDOWS
from firmware.compliance.again import judge_again
from firmware.compliance.holiday_tables import table_version
from firmware.compliance.judge import ABANDON_GAP_S, RULE_VERSION, RULES, judge, may_be_spoken_to
from firmware.compliance.rules import DAY_S
from firmware.compliance.texts import REFUSAL_TEXTS, sentence
from firmware.compliance.windows import open_now
from firmware.model import CallWindow, CampaignSettings, Consent, DiallingMode, Permit, Purpose, Refusal

NOON = datetime(2027, 3, 1, 12, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
NIGHT = datetime(2027, 3, 1, 3, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
EASTER_MONDAY = datetime(2027, 3, 29, 12, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
SETTINGS = CampaignSettings(
    "Sample", windows=WINDOWS, caller_id="+493023125000", max_attempts=3, min_gap_s=4 * 3600
)


@dataclass(frozen=True)
class Someone:
    number: str = "+493023125123"
    zones: Sequence[str] = ("Europe/Berlin",)
    attempts: int = 0
    last_attempt_at: float | None = None
    abandoned_at: float | None = None
    machine_at: float | None = None
    dnc_hits: Sequence[str] = ()
    dnc_until: float | None = None
    dials: Sequence[float] = ()
    campaign_dials: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)
    places: Sequence[str] = ()
    consents: Sequence[Consent] = ()
    dnc_versions: Mapping[str, int] = field(default_factory=lambda: {"Box": 7})
    registers: Mapping[str, float] = field(default_factory=dict)


@pytest.mark.req("DFI-002")
@pytest.mark.parametrize(
    ("someone", "rule", "until"),
    [
        (Someone(number="+49110"), "emergency_number", None),
        (Someone(number="112"), "emergency_number", None),
        (Someone(number="0112"), "emergency_number", None),
        (Someone(number=""), "invalid_number", None),
        (Someone(number="03023125123"), "invalid_number", None),
        (Someone(number="+49302312512345678"), "invalid_number", None),
        (Someone(number="+4930;phone"), "invalid_number", None),
        (Someone(number="+٤٩٣٠٢٣١٢٥١٢٣"), "invalid_number", None),
        (Someone(dnc_hits=("Box", "National")), "dnc", None),
        (Someone(attempts=3), "attempts_used_up", None),
        (Someone(attempts=99), "attempts_used_up", None),
        (Someone(attempts=1, last_attempt_at=NOON - 60), "too_soon", NOON - 60 + 4 * 3600),
        (Someone(attempts=1, last_attempt_at=NOON + 3600), "too_soon", NOON + 5 * 3600),
        (
            Someone(attempts=1, last_attempt_at=NOON - 5 * 3600, abandoned_at=NOON - 5 * 3600),
            "abandoned_recently",
            NOON - 5 * 3600 + 72 * 3600,
        ),
        (Someone(dnc_hits=("Box",), dnc_until=NOON + 60), "dnc", NOON + 60),
        (Someone(campaign_dials=30), "campaign_limit", None),
        (Someone(dials=[NOON - 80_000, NOON - 50_000, NOON - 20_000]), "period_limit", NOON + 6_400),
        (Someone(dials=[NOON - 20_000, NOON + 1, NOON + 2]), "period_limit", NOON + 66_400),
        (
            Someone(dials=[NOON - (7 - i / 3) * 86400 + 10 for i in range(15)]),
            "period_limit",
            NOON + 10,
        ),
        (Someone(zones=("Europe/Atlantis",)), "unknown_zone", None),
        (Someone(zones=("Europe/Berlin", "Pacific/Honolulu")), "no_window", None),
    ],
)
def test_the_rule_that_refuses(someone: Someone, rule: str, until: float | None) -> None:
    answer = judge(someone, SETTINGS, NOON)
    assert isinstance(answer, Refusal)
    assert (answer.rule, answer.until) == (rule, until)


@pytest.mark.req("GEN-061")
def test_outside_the_windows_the_refusal_names_the_next_opening() -> None:
    answer = judge(Someone(), SETTINGS, NIGHT)
    zones = {"zones": "Europe/Berlin"}
    assert answer == Refusal("window_closed", until=NIGHT + 6 * 3600, figures=zones, of_zones=True)


@pytest.mark.req("GEN-060")
def test_a_number_on_a_dnc_list_is_refused_whatever_else_holds() -> None:
    worst = Someone(dnc_hits=("National",), attempts=9, last_attempt_at=NIGHT, abandoned_at=NIGHT)
    answer = judge(worst, SETTINGS, NIGHT)
    assert answer == Refusal("dnc", figures={"lists": "National"})


def test_the_moment_named_is_the_moment_it_lets_go() -> None:
    waiting = Someone(attempts=1, last_attempt_at=NOON - 3600)
    refusal = judge(waiting, SETTINGS, NOON)
    assert isinstance(refusal, Refusal)
    assert refusal.until is not None
    assert isinstance(judge(waiting, SETTINGS, refusal.until - 1), Refusal)
    assert isinstance(judge(waiting, SETTINGS, refusal.until), Permit)


def test_a_permit_keeps_everything_it_rests_on() -> None:
    someone = Someone(
        attempts=2,
        last_attempt_at=NOON - 86400,
        dnc_versions={"Box": 7, "National": 2},
        dials=(NOON - 2 * 86400, NOON - 86300),
        campaign_dials=2,
    )
    assert judge(someone, SETTINGS, NOON) == Permit(
        number="+493023125123",
        decided_at=NOON,
        zone="Europe/Berlin",
        local_time="2027-03-01T12:00:00+01:00",
        window="Mon 09:00-18:00",
        rule_version=RULE_VERSION,
        dnc_lists={"Box": 7, "National": 2},
        attempts_before=2,
        last_attempt_at=NOON - 86400,
        caller_id="+493023125000",
        pack="de 2026.1",
        regions="DE-BE, DE-BB",
        holiday_table=table_version(),
        counters={"day": 1, "week": 2, "month": 2, "campaign": 2},
        limits={"day": 3, "week": 15, "campaign": 30},
        history=(NOON - 2 * 86400, NOON - 86300),
    )


def test_a_permit_for_several_zones_names_each() -> None:
    afternoon = NOON + 4 * 3600
    permit = judge(Someone(zones=("Europe/Berlin", "America/New_York")), SETTINGS, afternoon)
    assert isinstance(permit, Permit)
    assert permit.zone == "Europe/Berlin, America/New_York"
    assert permit.local_time == "2027-03-01T16:00:00+01:00, 2027-03-01T10:00:00-05:00"
    assert permit.window == "Mon 09:00-18:00, Mon 09:00-18:00"


@pytest.mark.req("GEN-058")
def test_without_a_zone_of_its_own_the_campaigns_counts() -> None:
    tokyo = replace(SETTINGS, default_zone="Asia/Tokyo")
    satellite = Someone(number="+870773111632", zones=())
    assert isinstance(judge(satellite, tokyo, NOON), Refusal)
    assert isinstance(judge(satellite, SETTINGS, NOON), Permit)
    of_its_number = judge(Someone(zones=()), tokyo, NOON)
    assert isinstance(of_its_number, Permit)
    assert of_its_number.zone == "Europe/Berlin"


@pytest.mark.req("GEN-106")
def test_a_message_by_machine_needs_consent_of_its_own() -> None:
    machine = replace(SETTINGS, mode=DiallingMode.AGENTLESS, purpose=Purpose.SALES)
    sales = Consent(1, "+493023125123", "sales", NOON - 60, None, "form", "Call me.")
    refusal = judge(Someone(consents=(sales,)), machine, NOON)
    assert refusal == Refusal("no_consent", figures={"purpose": "automated"})
    both = (sales, replace(sales, id=2, purpose="automated"))
    permit = judge(Someone(consents=both), machine, NOON)
    assert isinstance(permit, Permit)
    assert {purpose: kept["id"] for purpose, kept in permit.consent.items()} == {"sales": 1, "automated": 2}
    reminder = replace(machine, purpose=Purpose.SERVICE)
    assert isinstance(judge(Someone(), reminder, NOON), Permit)
    american = judge(Someone(), replace(reminder, rule_pack="us"), NOON)
    assert american == Refusal("no_consent", figures={"purpose": "automated_service"})
    agreed = judge(Someone(consents=both), replace(reminder, rule_pack="us"), NOON)
    assert isinstance(agreed, Permit)
    anything = judge(Someone(consents=(replace(sales, purpose="all"),)), machine, NOON)
    assert isinstance(anything, Permit)


def test_a_message_left_by_an_agents_campaign_needs_the_same_consent_but_the_call_does_not() -> None:
    sales = Consent(1, "+493023125123", "sales", NOON - 60, None, "form", "words")
    automated = replace(sales, id=2, purpose="automated")
    leaves = replace(SETTINGS, purpose=Purpose.SALES, drop_text="Please call us back.")
    without = judge(Someone(consents=(sales,)), leaves, NOON)
    assert isinstance(without, Permit)
    assert not may_be_spoken_to(without, leaves)
    agreed = judge(Someone(consents=(sales, automated)), leaves, NOON)
    assert isinstance(agreed, Permit)
    assert may_be_spoken_to(agreed, leaves)
    assert set(agreed.consent) == {"sales", "automated"}
    reminder = replace(leaves, purpose=Purpose.SERVICE)
    served = judge(Someone(), reminder, NOON)
    assert isinstance(served, Permit)
    assert may_be_spoken_to(served, reminder)
    assert not may_be_spoken_to(served, replace(reminder, rule_pack="us"))
    assert not may_be_spoken_to(served, replace(reminder, rule_pack="gone"))


def test_a_permit_does_not_change_when_the_versions_do() -> None:
    versions = {"Box": 7}
    permit = judge(Someone(dnc_versions=versions), SETTINGS, NOON)
    versions["Box"] = 8
    assert isinstance(permit, Permit)
    assert permit.dnc_lists == {"Box": 7}


BRITISH = replace(SETTINGS, rule_pack="gb", purpose=Purpose.SALES)
PROTECTED = {"gb": "+441632960123", "us": "+12025550123"}
GIVEN = Consent(3, PROTECTED["gb"], "sales", NOON - 99, None, "form", "You may call.")


@pytest.mark.req("GEN-067")
@pytest.mark.parametrize(
    ("settings", "registers", "rule"),
    [
        (BRITISH, {}, "register_missing"),
        (BRITISH, {"ndnc": NOON}, "register_missing"),
        (BRITISH, {"tps": NOON - 28 * DAY_S - 1}, "register_old"),
        (BRITISH, {"tps": NOON - 28 * DAY_S}, ""),
        (BRITISH, {"tps": NOON + 3600}, ""),
        (replace(BRITISH, purpose=Purpose.SERVICE), {}, ""),
        (replace(BRITISH, purpose=Purpose.SALES_BUSINESS), {"tps": NOON}, "register_missing"),
        (replace(BRITISH, purpose=Purpose.SALES_BUSINESS), {"tps": NOON, "ctps": NOON}, ""),
        (replace(BRITISH, rule_pack="us"), {"ndnc": NOON - 32 * DAY_S}, "register_old"),
        (replace(BRITISH, rule_pack="us"), {"ndnc": NOON - 31 * DAY_S}, ""),
        (replace(BRITISH, rule_pack="us", purpose=Purpose.SALES_BUSINESS), {}, ""),
    ],
)
def test_where_the_law_wants_a_register_nobody_is_called_by_none_or_an_old_one(
    settings: CampaignSettings, registers: dict[str, float], rule: str
) -> None:
    """A clock set back makes a register look as if it were loaded tomorrow: that is not too old."""
    someone = Someone(PROTECTED[settings.rule_pack], registers=registers)
    answer = judge(someone, settings, NOON)
    found = answer.rule if isinstance(answer, Refusal) else ""
    assert found == rule
    if isinstance(answer, Refusal):
        assert answer.until is not None, "whoever loads it may call within the hour"
    else:
        assert dict(answer.registers) == registers


def test_a_consent_on_record_goes_before_the_register_and_stands_in_the_permit() -> None:
    answer = judge(Someone(PROTECTED["gb"], consents=[GIVEN]), BRITISH, NOON)
    assert isinstance(answer, Permit)
    assert dict(answer.consent)["sales"]["id"] == 3
    assert judge_again(answer, BRITISH) == answer
    fresh = judge(Someone(PROTECTED["gb"], registers={"tps": NOON - 60}), BRITISH, NOON)
    assert isinstance(fresh, Permit)
    assert judge_again(fresh, BRITISH) == fresh


def test_every_refusal_can_be_said_in_both_languages() -> None:
    cases = [
        judge(Someone(number="110"), SETTINGS, NOON),
        judge(Someone(number="x"), SETTINGS, NOON),
        judge(Someone(), replace(SETTINGS, first_day="2027-03-02"), NOON),
        judge(Someone(), replace(SETTINGS, last_day="2027-02-28"), NOON),
        judge(Someone(dnc_hits=("Box",)), SETTINGS, NOON),
        judge(Someone(attempts=3), SETTINGS, NOON),
        judge(Someone(last_attempt_at=NOON), SETTINGS, NOON),
        judge(Someone(abandoned_at=NOON), SETTINGS, NOON),
        judge(Someone(zones=("X",)), SETTINGS, NOON),
        judge(Someone(), SETTINGS, NIGHT),
        judge(Someone(), replace(SETTINGS, windows=()), NIGHT),
        judge(Someone(), replace(SETTINGS, rule_pack="xx"), NOON),
        judge(Someone(), replace(SETTINGS, caller_id="+49900123456"), NOON),
        judge(Someone(), replace(SETTINGS, purpose=Purpose.SALES), NOON),
        judge(Someone(campaign_dials=30), SETTINGS, NOON),
        judge(Someone(machine_at=NOON), replace(SETTINGS, rule_pack="gb"), NOON),
        judge(Someone(dials=[NOON] * 3), SETTINGS, NOON),
        judge(Someone(), SETTINGS, EASTER_MONDAY),
        judge(Someone(), BRITISH, NOON),
        judge(Someone(registers={"tps": NOON - 28 * DAY_S - 1}), BRITISH, NOON),
    ]
    rules = {case.rule: case for case in cases if isinstance(case, Refusal)}
    assert set(rules) == {*RULES, "unknown_rules"}
    assert set(rules) == set(REFUSAL_TEXTS)
    for rule, refusal in rules.items():
        english, german = (sentence(REFUSAL_TEXTS, rule, refusal.figures, each) for each in ("en", "de"))
        assert english
        assert german != english


NUMBERS = st.sampled_from(["+493023125123", "+12025550123", "+49112", "112", "0911", "abc", ""])
MOMENTS = st.floats(NOON - 30 * 86400, NOON + 400 * 86400)


@given(
    someone=st.builds(
        Someone,
        number=NUMBERS | st.text(max_size=20),
        zones=st.lists(
            st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "No/Where"]), max_size=3
        ),
        attempts=st.integers(0, 5),
        last_attempt_at=st.none() | MOMENTS,
        abandoned_at=st.none() | MOMENTS,
        machine_at=st.none() | MOMENTS,
        dials=st.lists(MOMENTS, max_size=20).map(sorted),
        campaign_dials=st.integers(0, 31),
        fields=st.dictionaries(
            st.sampled_from(["PLZ", "Bundesland", "Ort"]),
            st.sampled_from(["10115", "80331", "Bayern", "x", ""]),
        ),
        dnc_hits=st.lists(st.just("Box"), max_size=1),
    ),
    windows=st.lists(
        st.builds(CallWindow, st.integers(0, 6), st.integers(0, 700), st.integers(701, 1440)), max_size=7
    ),
    now=MOMENTS,
)
@hypothesis_settings(max_examples=400, deadline=None)
def test_a_permit_is_never_given_against_a_rule_and_a_refusal_never_ends_in_the_past(
    someone: Someone, windows: list[CallWindow], now: float
) -> None:
    settings = replace(SETTINGS, windows=tuple(windows))
    answer = judge(someone, settings, now)
    if isinstance(answer, Refusal):
        assert answer.rule in REFUSAL_TEXTS
        assert answer.until is None or answer.until > now
        return
    zones = tuple(answer.zone.split(", "))
    assert set(someone.zones) <= set(zones)
    assert answer.counters["day"] < 3
    assert answer.counters["week"] < 15
    assert answer.counters["campaign"] < 30
    assert not someone.dnc_hits
    assert someone.attempts < settings.max_attempts
    assert someone.last_attempt_at is None or now - someone.last_attempt_at >= settings.min_gap_s
    assert someone.abandoned_at is None or now - someone.abandoned_at >= ABANDON_GAP_S
    assert open_now(windows, zones, now)
    assert someone.number not in {"+49112", "112", "0911"}

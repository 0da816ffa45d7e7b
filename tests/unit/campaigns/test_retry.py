"""What follows an attempt."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.campaigns import defaults
from firmware.campaigns.retry import NOBODY, Next, after, with_another
from firmware.compliance.judge import ABANDON_GAP_S
from firmware.model import CampaignSettings, Disposition, HangupCause, RetryRule

NOW = 1_800_000_000.0
FREE = CampaignSettings("Sample", retry=defaults.RETRY, min_gap_s=0.0, max_attempts=30)
HOUR_S = 3600.0


def follows(
    disposition: Disposition, settings: CampaignSettings = FREE, such: int = 1, attempts: int = 1
) -> Next:
    return after(disposition, settings, {disposition: such}, attempts, NOW)


@pytest.mark.req("GEN-029")
@pytest.mark.parametrize(
    ("disposition", "delay_s", "reason"),
    [
        (Disposition.BUSY, 900, "retry"),
        (Disposition.NO_ANSWER, 2 * HOUR_S, "retry"),
        (Disposition.MACHINE, 4 * HOUR_S, "retry"),
        (Disposition.UNREACHABLE, 4 * HOUR_S, "retry"),
        (Disposition.FAILED, 600, "retry"),
        (Disposition.ABANDONED, 24 * HOUR_S, "retry"),
        (Disposition.HUNG_UP, 24 * HOUR_S, "retry"),
        (Disposition.SILENCE, 24 * HOUR_S, "retry"),
        (Disposition.REJECTED, 24 * HOUR_S, "retry"),
        (Disposition.INTERRUPTED, 0, "retry"),
        (Disposition.CALLBACK, 24 * HOUR_S, "retry"),
        (Disposition.CONTACTED, None, "final"),
        (Disposition.DO_NOT_CALL, None, "final"),
        (Disposition.WRONG_NUMBER, None, "final"),
        (Disposition.FAX, None, "final"),
        (Disposition.INTERCEPT, None, "final"),
    ],
)
def test_the_default_rules(disposition: Disposition, delay_s: float | None, reason: str) -> None:
    assert follows(disposition) == Next(None if delay_s is None else NOW + delay_s, reason)


def test_every_disposition_is_answered() -> None:
    assert all(isinstance(follows(each), Next) for each in Disposition)


@pytest.mark.req("GEN-046")
@pytest.mark.parametrize("disposition", sorted(set(Disposition) - defaults.FINAL))
def test_the_limit_of_attempts_wins_over_every_rule(disposition: Disposition) -> None:
    settings = replace(FREE, retry={disposition: RetryRule(1.0, 30)}, max_attempts=3)
    assert follows(disposition, settings, such=1, attempts=3) == Next(None, "attempts_used_up")
    promised = after(disposition, settings, {}, 3, NOW, callback_at=NOW + 60)
    assert promised.at == (NOW + 60 if disposition is Disposition.CALLBACK else None)
    assert follows(disposition, settings, such=1, attempts=2).at is not None


@pytest.mark.parametrize("disposition", sorted(set(Disposition) - defaults.FINAL))
def test_the_gap_wins_over_every_rule(disposition: Disposition) -> None:
    settings = replace(FREE, retry={disposition: RetryRule(1.0, 30)}, min_gap_s=30 * HOUR_S)
    assert follows(disposition, settings) == Next(NOW + 30 * HOUR_S, "min_gap")


def test_a_rule_ends_after_so_many_ends_of_its_kind() -> None:
    assert follows(Disposition.REJECTED, such=1, attempts=5).at is not None
    assert follows(Disposition.REJECTED, such=2, attempts=5) == Next(None, "rule_used_up")
    assert follows(Disposition.REJECTED, such=9, attempts=9) == Next(None, "rule_used_up")


def test_counts_of_other_dispositions_do_not_matter() -> None:
    counts = {Disposition.BUSY: 4, Disposition.NO_ANSWER: 4, Disposition.SILENCE: 1}
    assert after(Disposition.SILENCE, FREE, counts, 9, NOW).reason == "retry"


def test_after_an_abandoned_call_a_day_passes_whatever_the_rule_says() -> None:
    hasty = replace(FREE, retry={Disposition.ABANDONED: RetryRule(60.0, 5)})
    assert follows(Disposition.ABANDONED, hasty) == Next(NOW + ABANDON_GAP_S, "abandon_gap")


def test_final_words_stay_final_even_with_a_rule_or_a_promise() -> None:
    rules = {each: RetryRule(60.0, 9) for each in Disposition}
    for disposition in defaults.FINAL:
        settings = replace(FREE, retry=rules)
        assert after(disposition, settings, {}, 1, NOW, callback_at=NOW + 60) == Next(None, "final")


@pytest.mark.parametrize(
    ("gap_s", "promised_s"),
    [(0.0, 3 * HOUR_S), (4 * HOUR_S, 30 * HOUR_S), (4 * HOUR_S, HOUR_S), (0.0, -HOUR_S)],
)
def test_a_callback_comes_at_its_time_whatever_the_campaigns_gap(gap_s: float, promised_s: float) -> None:
    settings = replace(FREE, min_gap_s=gap_s)
    for retry in (settings.retry, {}):
        got = after(
            Disposition.CALLBACK, replace(settings, retry=retry), {}, 1, NOW, callback_at=NOW + promised_s
        )
        assert got == Next(NOW + promised_s, "callback")


def test_a_promised_time_means_nothing_without_a_callback() -> None:
    assert after(Disposition.BUSY, FREE, {}, 1, NOW, callback_at=NOW + 60) == Next(NOW + 900, "retry")
    assert after(Disposition.FAX, FREE, {}, 1, NOW, callback_at=NOW + 60) == Next(None, "final")


@given(
    disposition=st.sampled_from(list(Disposition)),
    rules=st.dictionaries(
        st.sampled_from(list(Disposition)),
        st.builds(RetryRule, st.floats(0, 1e7), st.integers(1, 30)),
    ),
    counts=st.dictionaries(st.sampled_from(list(Disposition)), st.integers(0, 40)),
    attempts=st.integers(1, 40),
    limit=st.integers(1, 30),
    gap_s=st.floats(0, 1e6),
    callback_at=st.none() | st.floats(NOW - 1e7, NOW + 1e7),
)
def test_no_contact_is_due_before_its_gap_or_after_its_last_attempt(
    disposition: Disposition,
    rules: dict[Disposition, RetryRule],
    counts: dict[Disposition, int],
    attempts: int,
    limit: int,
    gap_s: float,
    callback_at: float | None,
) -> None:
    settings = replace(FREE, retry=rules, max_attempts=limit, min_gap_s=gap_s)
    got = after(disposition, settings, counts, attempts, NOW, callback_at)
    assert got.reason in {
        "retry", "callback", "min_gap", "abandon_gap", "final", "attempts_used_up", "rule_used_up",
    }  # fmt: skip
    if disposition is Disposition.CALLBACK and callback_at is not None:
        assert got == Next(callback_at, "callback")
    elif got.at is not None:
        assert got.at >= NOW + gap_s
        assert attempts < limit
        assert disposition not in defaults.FINAL


def test_every_attempt_chain_ends() -> None:
    """A contact that is never reached is closed after the campaign's limit at the latest."""
    for disposition in Disposition:
        chain = (after(disposition, FREE, {disposition: made}, made, NOW).at for made in range(1, 32))
        assert None in chain


@pytest.mark.req("GEN-078")
def test_the_default_wrap_up_codes_fit_the_keys_and_both_languages() -> None:
    codes = defaults.WRAP_UP_CODES
    assert sorted(code.digit for code in codes) == list(range(1, 10))
    assert len({code.code for code in codes}) == len(codes)
    assert all(code.label_en.strip() and code.label_de.strip() for code in codes)
    assert {
        Disposition.CONTACTED,
        Disposition.CALLBACK,
        Disposition.DO_NOT_CALL,
        Disposition.WRONG_NUMBER,
    } <= {code.disposition for code in codes}
    assert CampaignSettings("x").automatic_wrap_up_code in {code.code for code in codes}


@pytest.mark.parametrize("disposition", list(Disposition))
def test_only_who_reached_nobody_goes_on_to_another_number(disposition: Disposition) -> None:
    settings = CampaignSettings("c", max_attempts=3, other_number_gap_s=600.0)
    same = Next(None, "rule_used_up")
    follows = with_another(disposition, settings, 1, NOW, same)
    nobody = disposition in NOBODY
    assert follows == (Next(NOW + 600, "other_number") if nobody else same)
    assert with_another(disposition, settings, 3, NOW, same) == same
    assert not NOBODY & {Disposition.CONTACTED, Disposition.CALLBACK, Disposition.ABANDONED}


@pytest.mark.parametrize(
    ("cause", "delay_s", "reason"),
    [
        (HangupCause.NETWORK_FAILURE, 60.0, "retry"),
        (HangupCause.DELAYED, 300.0, "delayed"),
        (HangupCause.BLACKLISTED, 24 * HOUR_S, "blacklisted"),
    ],
)
def test_a_modem_that_refuses_a_number_is_not_asked_for_it_again_at_once(
    cause: HangupCause, delay_s: float, reason: str
) -> None:
    settings = replace(FREE, retry={Disposition.FAILED: RetryRule(60.0, 30)})
    found = after(Disposition.FAILED, settings, {}, 1, NOW, cause=cause)
    assert found == Next(NOW + delay_s, reason)
    patient = replace(FREE, retry={Disposition.FAILED: RetryRule(48 * HOUR_S, 30)})
    assert after(Disposition.FAILED, patient, {}, 1, NOW, cause=cause) == Next(NOW + 48 * HOUR_S, "retry")

"""The table of hangup causes, line by line."""

from __future__ import annotations

import pytest

from firmware.model import HangupCause as Cause
from firmware.trunks._sip_cause import Reason, cause_of_end, cause_of_refusal, reason_of


@pytest.mark.parametrize(
    ("status", "q850", "rang", "cause"),
    [
        (486, 0, True, Cause.BUSY),
        (486, 17, False, Cause.BUSY),
        (600, 0, True, Cause.BUSY),
        (404, 0, False, Cause.NOT_FOUND),
        (404, 1, True, Cause.NOT_FOUND),
        (410, 0, False, Cause.NOT_FOUND),
        (484, 0, False, Cause.NOT_FOUND),
        (604, 0, False, Cause.NOT_FOUND),
        (301, 0, False, Cause.NOT_FOUND),
        (403, 0, False, Cause.REJECTED),
        (603, 0, True, Cause.REJECTED),
        (608, 0, False, Cause.REJECTED),
        (480, 0, False, Cause.UNAVAILABLE),
        (480, 0, True, Cause.NO_ANSWER),
        (480, 20, True, Cause.UNAVAILABLE),
        (302, 0, False, Cause.UNAVAILABLE),
        (408, 0, True, Cause.NO_ANSWER),
        (408, 0, False, Cause.NETWORK_FAILURE),
        (487, 0, True, Cause.NO_ANSWER),
        (487, 0, False, Cause.NETWORK_FAILURE),
        (500, 0, False, Cause.NETWORK_FAILURE),
        (503, 0, True, Cause.NETWORK_FAILURE),
        (503, 34, False, Cause.NETWORK_FAILURE),
        (504, 0, False, Cause.NETWORK_FAILURE),
        (478, 0, False, Cause.NETWORK_FAILURE),
        (401, 0, False, Cause.NETWORK_FAILURE),
        (407, 0, False, Cause.NETWORK_FAILURE),
        (488, 0, False, Cause.NETWORK_FAILURE),
        (0, 0, False, Cause.NETWORK_FAILURE),
        # The nearer word wins where it says something.
        (480, 17, False, Cause.BUSY),
        (500, 17, False, Cause.BUSY),
        (486, 21, True, Cause.REJECTED),
        (480, 19, False, Cause.NO_ANSWER),
        (503, 1, False, Cause.NOT_FOUND),
        # And does not where it says nothing.
        (486, 16, True, Cause.BUSY),
        (404, 31, False, Cause.NOT_FOUND),
        (486, 127, False, Cause.BUSY),
        (603, 16, False, Cause.REJECTED),
    ],
)
def test_cause_of_refusal(status: int, q850: int, rang: bool, cause: Cause) -> None:
    assert cause_of_refusal(status, q850, rang=rang) == cause


def test_every_failure_of_the_network_says_nothing_about_the_contact() -> None:
    for status in range(500, 600):
        assert cause_of_refusal(status, 0, rang=True) == Cause.NETWORK_FAILURE


@pytest.mark.parametrize(
    ("status", "q850", "cause"),
    [
        (200, 0, Cause.NORMAL),
        (200, 16, Cause.NORMAL),
        (200, 17, Cause.NORMAL),
        (200, 31, Cause.NORMAL),
        (200, 41, Cause.NETWORK_FAILURE),
        (200, 102, Cause.NETWORK_FAILURE),
        (408, 0, Cause.NETWORK_FAILURE),
        (481, 0, Cause.NORMAL),
        (503, 0, Cause.NETWORK_FAILURE),
    ],
)
def test_cause_of_end(status: int, q850: int, cause: Cause) -> None:
    assert cause_of_end(status, q850) == cause


BYE = "BYE sip:x SIP/2.0\r\nVia: x\r\n{}Content-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", Reason()),
        ("Reason: Q.850;cause=17\r\n", Reason(17)),
        ('reason : q.850 ; cause = 19 ; text="No answer"\r\n', Reason(19, "No answer")),
        (
            'Reason: SIP;cause=200;text="Done, elsewhere", Q.850;cause=16;text="Normal"\r\n',
            Reason(16, "Normal"),
        ),
        ("Reason: SIP;cause=486\r\nReason: Q.850;cause=21\r\n", Reason(21)),
        ("Reason: Q.850;\r\n cause=34\r\n", Reason(34)),
        ('Reason: SIP;cause=200;text="Q.850;cause=1"\r\n', Reason()),
        ("Reason: Q.850;cause=x\r\n", Reason()),
        ("Reason: Q.850\r\n", Reason()),
        ("Reason: SIP;cause=603\r\n", Reason()),
        ("X-Reason: Q.850;cause=17\r\n", Reason()),
    ],
)
def test_reason_of(header: str, reason: Reason) -> None:
    assert reason_of(BYE.format(header)) == reason


def test_the_body_is_not_a_header() -> None:
    assert reason_of("BYE x SIP/2.0\r\nVia: x\r\n\r\nReason: Q.850;cause=17\r\n") == Reason()

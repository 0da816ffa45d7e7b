"""What a call has to show before a new version is believed."""

from __future__ import annotations

import json
import sys

import pytest

from firmware import config as configuration
from firmware.update import prove as proving
from firmware.update.prove import CALL, NotProved, make_call

GOOD = {"live_answers": 1, "attempts": 1, "invariants_broken": [], "errors": []}


def program(report: object, status: int = 0, errors: str = "") -> list[str]:
    lines = [
        f"print({json.dumps(report)!r})",
        f"import sys; sys.stderr.write({errors!r}); sys.exit({status})",
    ]
    return [sys.executable, "-c", "\n".join(lines)]


async def test_a_person_heard_and_connected_is_what_is_wanted() -> None:
    assert "1 people" in await make_call(program(GOOD))


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (program({**GOOD, "live_answers": 0}), "nobody"),
        (program({**GOOD, "invariants_broken": ["dialled twice"]}, 1), "dialled twice"),
        (program({}, 1, "strowger: kamailio did not come up\n"), "kamailio did not come up"),
        (program({}, 0), "nobody"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "status 3"),
    ],
)
async def test_anything_else_is_not_enough(command: list[str], why: str) -> None:
    with pytest.raises(NotProved, match=why):
        await make_call(command)


async def test_a_call_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "CALL_S", 0.2)
    with pytest.raises(NotProved, match="not over"):
        await make_call([sys.executable, "-c", "import signal; signal.pause()"])


async def test_a_box_that_is_not_up_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "PATIENCE_S", 0.0)
    said: list[str] = []
    with pytest.raises(NotProved, match="units: "):
        await proving.prove(configuration.load(None), said.append, call=True)
    assert said == []


def test_the_call_is_one_the_command_line_understands() -> None:
    from firmware import cli

    given = cli._parser().parse_args(list(CALL))
    assert (given.contacts, given.until_done, given.headless) == (1, True, True)

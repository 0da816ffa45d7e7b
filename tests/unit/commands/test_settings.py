"""Settings over the control socket: what is refused, what the next start finds, and when a restart is needed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firmware.commands.settings import SettingsCommands
from firmware.config import load
from firmware.model import OperatorError


class Desk:
    """The commands over a settings file of their own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "strowger.toml"
        for name in ("state", "run"):
            (folder / name).mkdir(exist_ok=True)
        self.file.write_text(
            f'[paths]\nstate = "{folder / "state"}"\nruntime = "{folder / "run"}"\n'
            '[[trunk]]\nname = "old"\nhost = "127.0.0.1"\n'
        )
        self.calls = 0
        self.flashed = folder / "system.conf"
        config = load(self.file)
        self.without_file = SettingsCommands(config, None, lambda: self.calls, self.flashed)
        self.commands = SettingsCommands(config, self.file, lambda: self.calls, self.flashed)
        self.wanted = folder / "run/apply-wanted"

    async def refused(self, asked: Any) -> list[tuple[str, str]]:
        with pytest.raises(OperatorError) as error:
            await asked
        return [(each.where, each.key) for each in error.value.problems]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_what_is_wrong_is_refused_and_nothing_is_written(desk: Desk) -> None:
    ask, refused = desk.commands, desk.refused
    assert await refused(ask.change("box", {"country": "Germany", "zone": "Mars/Base"})) == [
        ("country", "malformed")
    ]
    assert await refused(ask.change("box", {"zone": "Mars/Base"})) == [("zone", "unknown_zone")]
    assert await refused(ask.change("paths", {"state": "/"})) == [("state", "settings_not_here")]
    assert await refused(ask.change("backup", {"keep_days": None})) == [("keep_days", "wrong_type")]
    assert await refused(ask.put_trunk({"name": "new"})) == [("host", "missing")]
    assert await refused(ask.put_trunk({"name": "new", "host": "h", "password": "p", "lines": 0})) == [
        ("lines", "out_of_range")
    ]
    assert await refused(ask.remove_trunk("old")) == [("name", "settings_in_file")]
    assert await refused(ask.remove_trunk("none")) == [("name", "trunk_unknown")]
    assert await refused(ask.undo()) == [("", "settings_no_undo")]
    assert await refused(desk.without_file.change("box", {"name": "x"})) == [("", "settings_no_file")]
    assert not (await ask.state())["changed"]


async def test_a_change_waits_for_a_restart_and_can_be_taken_back(desk: Desk) -> None:
    assert not (await desk.commands.state())["restart_needed"]
    await desk.commands.change("box", {"name": "Laden"})
    await desk.commands.change("box", {"country": "AT"})
    found = await desk.commands.state()
    assert found["restart_needed"]
    assert found["changed"] == ["[box] name", "[box] country"]
    assert (found["values"]["box"]["name"], load(desk.file).box.country) == ("Laden", "AT")
    await desk.commands.undo()
    assert load(desk.file).box == replace(load(desk.file).box, name="Laden", country="DE")
    await desk.commands.change("box", {"name": "Strowger"})
    assert not (await desk.commands.state())["restart_needed"]


async def test_a_trunk_keeps_its_password_until_it_gets_another_and_shows_none(desk: Desk) -> None:
    await desk.commands.put_trunk({"name": "new", "host": "h.example", "username": "u", "password": "secret"})
    await desk.commands.put_trunk({"name": "new", "host": "i.example", "username": "u"})
    trunk = load(desk.file).trunk("new")
    assert trunk is not None
    assert (trunk.host, trunk.password.reveal()) == ("i.example", "secret")
    shown = (await desk.commands.state())["trunks"][1]
    assert (shown["own"], shown["has_password"]) == (True, True)
    assert "secret" not in str(shown)
    await desk.commands.remove_trunk("new")
    assert load(desk.file).trunk("new") is None


async def test_services_restart_only_where_something_restarts_them_and_nobody_is_on_the_telephone(
    desk: Desk,
) -> None:
    assert await desk.refused(desk.commands.apply()) == [("", "restart_by_hand")]
    desk.flashed.touch()
    desk.calls = 1
    assert await desk.refused(desk.commands.apply()) == [("", "calls_now")]
    assert not desk.wanted.exists()
    await desk.commands.apply(force=True)
    assert desk.wanted.exists()

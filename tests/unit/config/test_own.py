"""Settings made on the pages: first what must not break the box, then that they count."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from firmware.config import Config, load, own
from firmware.config.providers import providers
from firmware.model import OperatorError


class Box:
    """A settings file and a state folder."""

    def __init__(self, folder: Path, text: str = "") -> None:
        self.state = folder / "state"
        self.state.mkdir()
        self.file = folder / "strowger.toml"
        self.file.write_text(f'[paths]\nstate = "{self.state}"\n{text}')
        self.own = own.Own(self.state)

    def load(self) -> Config:
        return load(self.file)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(
        tmp_path, '[box]\nname = "Büro"\nzone = "Europe/Vienna"\n[[trunk]]\nname = "a"\nhost = "a.example"\n'
    )


def test_everything_pages_may_set_exists() -> None:
    config = Config()
    for section, keys in own.SECTIONS.items():
        assert keys <= {entry.name for entry in fields(getattr(config, section))}, section


def test_a_file_that_is_no_toml_is_told_of_like_any_other(box: Box) -> None:
    box.own.file.write_text("[box\n")
    with pytest.raises(OperatorError) as refused:
        box.load()
    assert [each.key for each in refused.value.problems] == ["file_not_toml"]


def test_what_a_newer_version_wrote_does_not_keep_an_older_one_down(box: Box) -> None:
    box.own.file.write_text(
        '[box]\nname = "Laden"\nsmell = "roses"\n[robots]\ncount = 3\n[paths]\nruntime = "/x"\n'
    )
    assert box.load().box.name == "Laden"
    assert box.load().paths.runtime == Path("/run/strowger")


def test_what_cannot_be_written_is_not(box: Box) -> None:
    box.own.write({"box": {"name": "Laden"}})
    for strange in (None, float("nan"), {"a": 1}):
        with pytest.raises((ValueError, TypeError)):
            box.own.write({"box": {"name": strange}})
    assert box.own.tables() == {"box": {"name": "Laden"}}


def test_a_cut_between_the_two_files_loses_no_setting(box: Box) -> None:
    """The one before is written first; whatever is left half done is a ``.new`` nobody reads."""
    box.own.write({"box": {"name": "Laden"}})
    (box.state / f"{own.NAME}.new").write_text("[bo")
    assert box.load().box.name == "Laden"


def test_a_line_of_the_settings_file_is_not_blamed_for_the_pages(box: Box) -> None:
    box.own.file.write_text('[box]\nname = ""\n')
    with pytest.raises(OperatorError) as refused:
        box.load()
    assert "line" not in refused.value.problems[0].figures


def test_changes_lie_over_the_settings_file_and_can_be_taken_back_once(box: Box) -> None:
    text = 'a "quoted" \\ Näme \x7f'
    box.own.write(
        {"box": {"name": text.replace("\x7f", "")}, "backup": {"keep_days": 30, "recordings": True}}
    )
    loaded = box.load()
    assert (loaded.box.name, loaded.box.zone) == ('a "quoted" \\ Näme ', "Europe/Vienna")
    assert (loaded.backup.keep_days, loaded.backup.recordings) == (30, True)
    box.own.undo()
    assert box.load().box.name == "Büro"
    box.own.undo()
    assert box.load().backup.keep_days == 30
    assert own.text_of({"web": {"names": ["\x7f"]}}).endswith('["\\u007f"]\n')


def test_trunks_are_known_by_name(box: Box) -> None:
    box.own.write({"trunk": [{"name": "b", "host": "b.example"}, {"name": "a", "host": "new.example"}]})
    assert [(trunk.name, trunk.host) for trunk in box.load().trunks] == [
        ("a", "new.example"),
        ("b", "b.example"),
    ]


def test_passwords_lie_apart_and_old_ones_go_once_nothing_leads_back_to_them(box: Box) -> None:
    def keep(secret: str) -> None:
        file = box.own.keep_secret("a", secret)
        box.own.write(
            {"trunk": [{"name": "a", "host": "a.example", "username": "u", "password_file": str(file)}]}
        )

    keep("first")
    keep("second")
    assert box.load().trunks[0].password.reveal() == "second"
    box.own.undo()
    assert box.load().trunks[0].password.reveal() == "first"
    keep("third")
    assert len(list((box.state / own.SECRETS).iterdir())) == 2
    assert "third" not in box.own.file.read_text()
    assert box.own.file.stat().st_mode & 0o777 == 0o640


def test_presets_say_where_they_come_from() -> None:
    assert len({provider.key for provider in providers()}) == len(providers()) > 4
    assert all(provider.source for provider in providers()[1:])

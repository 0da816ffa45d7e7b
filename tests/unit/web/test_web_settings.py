"""What the pages read of the settings: the file, what was set on the pages over it, and a file that is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware.config import load as strictly
from firmware.config.own import Own
from web_ui.settings import load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "strowger.toml"
    made.write_text(
        f'[paths]\nstate = "{tmp_path}"\n[box]\nname = "Büro"\nzone = "Europe/Vienna"\n'
        '[[trunk]]\nname = "a"\nhost = "a.example"\n[[trunk]]\nname = "b"\nhost = "b.example"\n'
    )
    return made


@pytest.mark.parametrize("damaged", ["[box", "\udcff", 'box = "x"\n[[trunk]\n'])
def test_a_damaged_file_of_changes_leaves_the_settings_file(file: Path, damaged: str) -> None:
    (file.parent / "settings.toml").write_bytes(damaged.encode("utf-8", "surrogateescape"))
    assert load(file).box_name == "Büro"


def test_both_readers_find_the_same_over_it(file: Path) -> None:
    Own(file.parent).write(
        {
            "box": {"name": "Laden"},
            "web": {"names": ["box.example"], "second_factor": "everybody"},
            "trunk": [
                {"name": "b", "host": "n.example", "caller_ids": ["+493023125001"]},
                {"name": "c", "host": "c.x"},
            ],
        }
    )
    pages, service = load(file), strictly(file)
    assert (pages.box_name, pages.zone, pages.names) == ("Laden", "Europe/Vienna", ("box.example",))
    assert (service.box.name, service.box.zone, service.web.names) == (
        pages.box_name,
        pages.zone,
        pages.names,
    )
    assert [(trunk.name, trunk.caller_ids) for trunk in pages.trunks] == [
        (trunk.name, trunk.caller_ids) for trunk in service.trunks
    ]

"""The settings file: first everything that must be refused, then what must be accepted."""

from __future__ import annotations

import dataclasses
import os
import socket
from pathlib import Path

import pytest

from firmware.config import Config, TrunkConfig, example, load, ports
from firmware.model import OperatorError, Problem


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "strowger.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def problems_of(path: Path) -> dict[str, Problem]:
    with pytest.raises(OperatorError) as refused:
        load(path)
    return {problem.where: problem for problem in refused.value.problems}


def test_all_mistakes_are_told_at_once_with_their_lines(written) -> None:
    found = problems_of(
        written(
            """
[box]
langage = "de"
country = "Germany"

[sip]
port = "5070"
rtp_first = 80

[web]
threads = true

[[trunk]]
name = "One"
host = "sip.example.org"
lines = 0
"""
        )
    )
    assert {where: problem.key for where, problem in found.items()} == {
        "[box] langage": "unknown_key_suggestion",
        "[box] country": "malformed",
        "[sip] port": "wrong_type",
        "[sip] rtp_first": "out_of_range",
        "[web] threads": "wrong_type",
        "[[trunk]] 1 name": "malformed",
        "[[trunk]] 1 lines": "out_of_range",
    }
    assert found["[box] langage"].figures["suggestion"] == "language"
    assert found["[sip] port"].text == "line 7: [sip] port: must be a whole number, not a text"
    assert found["[[trunk]] 1 lines"].figures["line"] == 16


def test_a_section_nobody_knows_is_named_with_its_neighbour(written) -> None:
    found = problems_of(written("[dialing]\ntick_s = 1\n"))
    assert found["[dialing]"].figures == {"value": "dialing", "suggestion": "dialling", "line": 1}


def test_a_key_outside_of_any_section_is_refused(written) -> None:
    assert problems_of(written('name = "Box"\n'))["[name]"].key == "unknown_key"


def test_a_section_that_is_no_table_is_refused(written) -> None:
    assert problems_of(written("sip = 5070\n"))["[sip]"].key == "wrong_type"


def test_a_single_trunk_table_is_refused(written) -> None:
    found = problems_of(written('[trunk]\nname = "one"\nhost = "sip.example.org"\n'))
    assert "double brackets" in found["[[trunk]]"].text


def test_what_a_trunk_must_have(written) -> None:
    found = problems_of(written("[[trunk]]\nport = 5060\n"))
    assert {problem.key for problem in found.values()} == {"missing"}
    assert set(found) == {"[[trunk]] 1 name", "[[trunk]] 1 host"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[box\n", "file_not_toml"),
        ("a = 1\na = 2\n", "file_not_toml"),
        ("x = " + "[" * 5000, "file_not_toml"),
        (b'[box]\nname = "\xff\xfe"\n', "file_not_utf8"),
        (b"# " + b"x" * (1 << 20), "file_too_large"),
    ],
)
def test_what_is_no_settings_file(written, text: str | bytes, key: str) -> None:
    path = written(text)
    assert problems_of(path)[str(path)].key == key


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.toml"
    problem = problems_of(path)[str(path)]
    assert problem.key == "file_unreadable"
    assert "No such file" in problem.text


@pytest.mark.parametrize(
    ("section", "line", "key"),
    [
        ("box", 'zone = "Europe/Berln"', "unknown_zone"),
        ("box", 'zone = "../../etc/passwd"', "unknown_zone"),
        ("box", 'zone = ""', "unknown_zone"),
        ("box", 'name = "two\\nlines"', "malformed"),
        ("box", 'name = ""', "wrong_length"),
        ("sip", "clock_rate = 44100", "not_one_of"),
        ("sip", 'proxy = "127.0.0.1"', "malformed"),
        ("sip", 'proxy = "127.0.0.1:70000"', "malformed"),
        ("sip", 'domain = "a b"', "malformed"),
        ("dialling", "tick_s = nan", "wrong_type"),
        ("dialling", "tick_s = inf", "wrong_type"),
        ("dialling", "emergency = []", "wrong_length"),
        ("dialling", 'trusted_clock = "requires"', "not_one_of"),
        ("edge", "listen = []", "wrong_length"),
        ("paths", 'state = "var/lib"', "not_absolute"),
        ("web", "threads = 9223372036854775808", "out_of_range"),
    ],
)
def test_values_that_are_refused(written, section: str, line: str, key: str) -> None:
    found = problems_of(written(f"[{section}]\n{line}\n"))
    (problem,) = found.values()
    assert problem.key == key
    assert problem.where.startswith(f"[{section}] ")
    assert problem.figures["line"] == 2


def test_entries_of_a_list_are_counted_from_one(written) -> None:
    found = problems_of(written('[edge]\nlisten = ["0.0.0.0:5060", "5060", "[::1]:x"]\n'))
    assert set(found) == {"[edge] listen[2]", "[edge] listen[3]"}


def test_two_trunks_of_one_name_and_what_registering_needs(written) -> None:
    trunk = '[[trunk]]\nname = "one"\nhost = "192.0.2.1"\n'
    found = problems_of(written(trunk + trunk + "register = true\n"))
    assert {where: p.key for where, p in found.items()} == {
        "[[trunk]] 2 name": "duplicate_name",
        "[[trunk]] 2 username": "needed_to_register",
    }


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[sip]\nport = 5060\n", "[edge] listen"),
        ('[edge]\nlisten = ["127.0.0.1:5070"]\n', "[edge] listen"),
        ('[web]\nlisten = "0.0.0.0:5060"\n', "[edge] listen"),
        ("[sip]\nrtp_first = 41998\nrtp_last = 43000\n", "[edge] rtpengine_first..rtpengine_last"),
        ("[edge]\nrtpengine_first = 2000\nrtpengine_last = 3000\n", "[edge] rtpengine_first..rtpengine_last"),
    ],
)
def test_a_port_wanted_twice(written, text: str, where: str) -> None:
    found = problems_of(written(text))
    assert found[where].key == "port_claimed_twice"


def test_ports_of_different_addresses_do_not_meet(written) -> None:
    config = load(written('[edge]\nlisten = ["192.0.2.1:5070"]\n'))
    assert ports.clashes(config) == []


def test_a_range_that_runs_backwards(written) -> None:
    found = problems_of(written("[sip]\nrtp_first = 31999\nrtp_last = 30000\n"))
    assert found["[sip] rtp_last"].key == "range_reversed"


def test_a_port_another_program_holds_is_told() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        claim = ports.Claim("[sip] port", "udp", "127.0.0.1", port, port)
        (problem,) = ports.taken([claim])
    assert (problem.where, problem.key, problem.figures["port"]) == ("[sip] port", "port_in_use", port)
    assert ports.taken([claim]) == []


def secret_trunk(extra: str) -> str:
    return f'[[trunk]]\nname = "one"\nhost = "192.0.2.1"\nusername = "u"\n{extra}\n'


def test_a_password_never_shows_itself(written) -> None:
    config = load(written(secret_trunk('password = "hush-hush"')))
    assert config.trunks[0].password.reveal() == "hush-hush"
    for shown in (repr(config), str(config), f"{config.trunks[0].password}", str(dataclasses.asdict(config))):
        assert "hush-hush" not in shown


def test_a_password_of_the_wrong_type_is_not_repeated(written) -> None:
    (problem,) = problems_of(written(secret_trunk("password = 424242"))).values()
    assert "424242" not in problem.text + str(problem.figures)


def test_a_password_file(written, tmp_path: Path) -> None:
    file = tmp_path / "one.password"
    file.write_text("hush\n", encoding="utf-8")
    file.chmod(0o640)
    config = load(written(secret_trunk('password_file = "one.password"')))
    assert config.trunks[0].password.reveal() == "hush"


def test_a_password_file_that_is_missing_empty_or_open_to_all(written, tmp_path: Path) -> None:
    path = written(secret_trunk('password_file = "one.password"'))
    assert problems_of(path)["[[trunk]] 1 password_file"].key == "file_unreadable"
    file = tmp_path / "one.password"
    file.touch(0o600)
    assert problems_of(path)["[[trunk]] 1 password_file"].key == "file_empty"
    file.write_text("hush", encoding="utf-8")
    os.chmod(file, 0o644)
    assert problems_of(path)["[[trunk]] 1 password_file"].key == "file_readable_by_others"
    file.write_bytes(b"\xff\xff")
    assert problems_of(path)["[[trunk]] 1 password_file"].key == "file_unreadable"


def test_a_password_twice(written) -> None:
    path = written(secret_trunk('password = "hush"\npassword_file = "x"'))
    assert problems_of(path)["[[trunk]] 1 password_file"].key == "password_given_twice"


def test_an_empty_file_is_a_box_without_a_trunk(written) -> None:
    assert load(written("")) == load(None) == Config()
    assert Config().trunks == ()


def test_a_full_file_is_read(written) -> None:
    config = load(
        written(
            '\ufeff[box]\nname = "Büro"\nlanguage = "en"\n'
            "[dialling]\ntick_s = 2\n"
            '[[trunk]]\nname = "provider"\nhost = "sip.example.org"\ncaller_ids = ["+493023125001"]\n'
        )
    )
    assert config.box.name == "Büro"
    assert config.dialling.tick_s == 2.0
    assert config.trunk("provider") == TrunkConfig(
        name="provider", host="sip.example.org", caller_ids=("+493023125001",)
    )
    assert config.trunk("nobody") is None


def test_paths_lie_below_their_folders(written) -> None:
    paths = load(written('[paths]\nstate = "/srv/box"\nruntime = "/tmp/run"\n')).paths
    assert paths.database == Path("/srv/box/strowger.db")
    assert paths.control_socket == Path("/tmp/run/control.sock")
    assert {p.parent for p in (paths.opt_out_journal, paths.uploads, paths.reports, paths.setup_code)} == {
        Path("/srv/box")
    }


def test_the_example_is_the_defaults_and_up_to_date(written) -> None:
    assert load(written(example.text())) == Config()
    stored = Path(example.__file__).with_name("example.toml").read_text(encoding="utf-8")
    assert stored == example.text()


def test_the_trunk_of_the_example_is_valid_once_uncommented(written) -> None:
    text = example.text()
    start = text.index("# [[trunk]]")
    end = text.index("\n\n", start)
    trunk = "\n".join(line.removeprefix("# ") for line in text[start:end].splitlines())
    config = load(written(text[:start] + trunk + text[end:]))
    assert config.trunks == (TrunkConfig(name="provider", host="sip.example.org"),)


def test_analog_lines_are_told_apart_and_make_trunks(written) -> None:
    text = """
[[trunk]]
name = "provider"
host = "sip.example.org"

[[line]]
name = "one"
port = "/dev/serial/by-id/usb-a"
trunk = "office"
number = "+493023125001"

[[line]]
name = "two"
port = "serial:4711"
trunk = "office"

[[line]]
name = "three"
port = "usb:1-1.3"
"""
    config = load(written(text))
    assert [line.trunk_name for line in config.lines] == ["office", "office", "three"]
    ways = config.with_line_trunks()
    assert {trunk.name: trunk.campaign_lines for trunk in ways.trunks} == {
        "provider": 29,
        "office": 2,
        "three": 1,
    }
    assert ways.trunk("office").caller_ids == ("+493023125001",)
    assert config.trunk("office") is None

    found = problems_of(written(text.replace('"two"', '"one"').replace('"serial:4711"', '"ttyACM0"')))
    assert {where: problem.key for where, problem in found.items()} == {"[[line]] 2 port": "malformed"}
    found = problems_of(
        written(
            text.replace('"two"', '"one"')
            .replace("usb:1-1.3", "serial:4711")
            .replace('"office"', '"provider"')
        )
    )
    assert {where: problem.key for where, problem in found.items()} == {
        "[[line]] 1 trunk": "line_trunk_taken",
        "[[line]] 2 name": "line_twice",
        "[[line]] 2 trunk": "line_trunk_taken",
        "[[line]] 3 port": "line_twice",
    }
    assert found["[[line]] 3 port"].figures["line"] == 19


def test_who_takes_calls_that_come_in(written) -> None:
    config = load(
        written(
            """
[[inbound]]
name = "office"
trunk = "line1"
numbers = ["+493023125000", "30"]
campaign = "Service"
hours = ["Mon-Fri 08:00-18:00", "Sat 9:00-12:30"]
holidays = "DE-BE"
then = "callback"

[[line]]
name = "line1"
port = "/dev/one"
"""
        )
    )
    assert [(entry.name, entry.trunk, entry.then, entry.accept) for entry in config.inbound] == [
        ("office", "line1", "callback", "key")
    ]


def test_settings_for_calls_that_come_in_which_cannot_be_kept(written) -> None:
    found = problems_of(
        written(
            """
[[inbound]]
name = "office"
trunk = "nowhere"
hours = ["Mon-Fri 08:00-18:00", "always"]
holidays = "DE-XX"
then = "callback"

[[inbound]]
name = "office"
"""
        )
    )
    assert {where: problem.key for where, problem in found.items()} == {
        "[[inbound]] 1 trunk": "unknown_trunk",
        "[[inbound]] 1 hours": "not_hours",
        "[[inbound]] 1 holidays": "unknown_holidays",
        "[[inbound]] 1 then": "callback_needs_campaign",
        "[[inbound]] 2 name": "inbound_twice",
    }

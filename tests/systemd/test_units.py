"""The units as files: hardened, consistent with the command line and with each other, installable."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from firmware import cli
from firmware.edge.render import Rendered
from tests.systemd.confined import settings

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "systemd"
UNITS = sorted(FOLDER.glob("*.service"))
NAMES = [unit.name for unit in UNITS]
MOST_EXPOSED = 3.0
SERVICE, WEB, KAMAILIO = "strowger.service", "strowger-web.service", "strowger-kamailio.service"
OUR_COMMAND = "/opt/strowger/.venv/bin/strowger"

systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become other users")


def setting(unit: str, key: str) -> str:
    return " ".join(settings(FOLDER / unit).get(key, []))


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


@systemd
@pytest.mark.parametrize("unit", NAMES)
def test_no_unit_is_more_exposed_than_allowed(unit: str) -> None:
    told = run("systemd-analyze", "security", "--no-pager", "--offline=yes", str(FOLDER / unit)).stdout
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", told)
    assert found is not None, told
    assert float(found[1]) <= MOST_EXPOSED


@systemd
def test_systemd_finds_nothing_wrong_but_that_we_are_not_installed() -> None:
    told = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *map(str, UNITS)).stderr
    strange = [line for line in told.splitlines() if not re.search(r"Command /\S+ is not executable", line)]
    assert strange == []


@pytest.mark.parametrize("unit", NAMES)
def test_our_commands_are_understood_by_the_command_line(unit: str) -> None:
    command, *arguments = shlex.split(setting(unit, "ExecStart"))
    if command == OUR_COMMAND:
        parsed = cli._parser().parse_args(arguments)
        assert parsed.config == cli.DEFAULT_CONFIG


@pytest.mark.parametrize(
    ("unit", "command"),
    [("strowger-kamailio", Rendered.kamailio_command), ("strowger-rtpengine", Rendered.rtpengine_command)],
)
def test_the_edges_commands_are_those_the_renderer_means(unit: str, command: object) -> None:
    assert callable(command)
    folder = Path("/run/strowger/kamailio")
    wanted = command(
        Rendered(folder, folder / "kamailio.cfg", folder / "rtpengine.conf", folder / "rpc.sock")
    )
    program, *arguments = shlex.split(setting(f"{unit}.service", "ExecStart"))
    assert Path(program).name == wanted[0]
    assert arguments == without_pid_file(wanted[1:])


def without_pid_file(arguments: list[str]) -> list[str]:
    """systemd knows its children; Kamailio would also have to chown(2) the file."""
    kept = [argument for argument in arguments if not argument.startswith("--pidfile=")]
    if "-P" in kept:
        at = kept.index("-P")
        del kept[at : at + 2]
    return kept


def test_the_edge_starts_in_order_and_the_pages_after_the_service() -> None:
    for order in (["strowger-edge", "strowger-rtpengine", "strowger-kamailio"], ["strowger", "strowger-web"]):
        for earlier, later in pairwise(order):
            assert f"{earlier}.service" in setting(f"{later}.service", "After")


def test_the_service_does_not_wait_for_the_edge_to_start_but_the_edge_for_the_service_to_stop() -> None:
    assert "network-online" not in setting(SERVICE, "After")
    assert "strowger-kamailio" not in setting(SERVICE, "After")
    assert "deactivating" in setting(KAMAILIO, "ExecStop")
    service, kamailio = (int(setting(unit, "TimeoutStopSec")) for unit in (SERVICE, KAMAILIO))
    assert kamailio > service, "it would be killed while calls are being ended"


@pytest.mark.parametrize("unit", [name for name in NAMES if name != "strowger-edge.service"])
def test_whatever_ends_is_started_again_for_ever(unit: str) -> None:
    assert setting(unit, "Restart") == "always"
    assert setting(unit, "StartLimitIntervalSec") == "0"


@pytest.mark.parametrize("key", ["CPUWeight", "IOWeight"])
def test_telephony_comes_before_pages(key: str) -> None:
    telephony = [int(setting(unit, key)) for unit in (SERVICE, KAMAILIO, "strowger-rtpengine.service")]
    assert int(setting(SERVICE, key)) == max(telephony)
    assert min(telephony) >= 10 * int(setting(WEB, key))


def test_the_pages_go_first_where_memory_runs_out_and_nobody_may_have_all_processes() -> None:
    assert int(setting(SERVICE, "OOMScoreAdjust")) < 0 < int(setting(WEB, "OOMScoreAdjust"))
    lasting = [unit for unit in NAMES if unit != "strowger-edge.service"]
    assert all(int(setting(unit, "TasksMax")) <= 512 for unit in lasting)


def test_what_people_would_do_on_trial_would_be_lost_so_the_proof_opens_the_pages() -> None:
    nginx = (FOLDER / "image/strowger-nginx.service").read_text("utf-8")
    trial = (ROOT / "image/overlay/usr/lib/strowger/trial").read_text("utf-8")
    flag = re.search(r"^flag=(\S+)$", trial, re.MULTILINE)
    assert flag is not None
    assert f"\nConditionPathExists=!{flag[1]}\n" in nginx
    assert "\nAfter=strowger-certificate.service strowger-trial.service" in nginx
    good, stays = trial.partition("\nprove() {")[2].split(
        '        echo "it does not start on the data itself"'
    )
    assert good.index("good\n            open_pages") > 0
    assert stays.rstrip().endswith('rm -f "$flag"\n    open_pages\n}\n\n"$1"')


def test_the_service_is_watched() -> None:
    assert setting("strowger.service", "Type") == "notify"
    assert setting("strowger.service", "WatchdogSec") == "30"


@pytest.mark.parametrize("unit", NAMES)
def test_every_user_and_folder_is_made_by_somebody(unit: str) -> None:
    users = re.findall(r"^u (\S+)", (FOLDER / "strowger.sysusers").read_text("utf-8"), re.MULTILINE)
    groups = re.findall(r"^g (\S+)", (FOLDER / "strowger.sysusers").read_text("utf-8"), re.MULTILINE)
    folders = re.findall(r"^d (\S+)", (FOLDER / "strowger.tmpfiles").read_text("utf-8"), re.MULTILINE)
    assert setting(unit, "User") in users
    assert {setting(unit, "Group"), *setting(unit, "SupplementaryGroups").split()} <= set(groups)
    wanted = {path for path in setting(unit, "ReadWritePaths").split() if not path.startswith("-")}
    assert wanted <= set(folders), "a path that may be missing begins with a hyphen"


class Installed:
    """A file system tree with the users and folders of the box in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for kind in ("sysusers", "tmpfiles"):
            place = folder / "usr" / "lib" / f"{kind}.d"
            place.mkdir(parents=True)
            shutil.copy(FOLDER / f"strowger.{kind}", place / "strowger.conf")
        (folder / "etc").mkdir()
        assert run("systemd-sysusers", f"--root={folder}").returncode == 0
        told = run("systemd-tmpfiles", "--create", f"--root={folder}")
        assert told.returncode == 0, told.stderr
        self.ids = {
            name: int(number)
            for name, number in re.findall(
                r"^([\w-]+):x:(\d+)", (folder / "etc" / "group").read_text("utf-8"), re.MULTILINE
            )
        }

    def can(self, unit: str, *command: str) -> bool:
        """Whether a command succeeds as the unit's user with its groups and its umask."""
        user, groups = setting(unit, "User"), setting(unit, "SupplementaryGroups").split()
        uid = re.search(
            rf"^{user}:x:(\d+)", (self.folder / "etc" / "passwd").read_text("utf-8"), re.MULTILINE
        )
        assert uid is not None
        numbers = [str(self.ids[name]) for name in groups]
        become = ["setpriv", f"--reuid={uid[1]}", f"--regid={self.ids[setting(unit, 'Group')]}"]
        become.append(f"--groups={','.join(numbers)}" if numbers else "--clear-groups")
        shell = f"umask {setting(unit, 'UMask')}; cd {shlex.quote(str(self.folder))} && {shlex.join(command)}"
        return run(*become, "sh", "-c", shell).returncode == 0


@systemd
@root
def test_each_user_reaches_what_it_needs_and_nothing_else(tmp_path: Path) -> None:
    for parent in (tmp_path, *tmp_path.parents[: len(tmp_path.parents) - 2]):
        parent.chmod(parent.stat().st_mode | 0o011)
    box = Installed(tmp_path)
    assert box.can(WEB, "touch", "var/lib/strowger/uploads/list.csv")
    assert box.can(SERVICE, "cat", "var/lib/strowger/uploads/list.csv")
    assert box.can(SERVICE, "rm", "-f", "var/lib/strowger/uploads/list.csv")
    assert box.can(SERVICE, "touch", "var/lib/strowger/strowger.db")
    assert box.can(WEB, "cat", "var/lib/strowger/strowger.db")
    assert not box.can(WEB, "touch", "var/lib/strowger/other")
    assert box.can(SERVICE, "touch", "run/strowger/control.sock")
    assert box.can(SERVICE, "chmod", "0660", "run/strowger/control.sock")
    assert box.can(WEB, "test", "-w", "run/strowger/control.sock")
    assert not box.can(KAMAILIO, "test", "-w", "run/strowger/control.sock")
    assert not box.can(KAMAILIO, "ls", "var/lib/strowger")
    assert box.can(KAMAILIO, "touch", "run/strowger/kamailio/rpc.sock")
    assert box.can(KAMAILIO, "chmod", "0660", "run/strowger/kamailio/rpc.sock")
    assert box.can(SERVICE, "test", "-w", "run/strowger/kamailio/rpc.sock")
    assert not box.can(WEB, "test", "-e", "run/strowger/kamailio/rpc.sock")
    assert not box.can(WEB, "ls", "run/strowger")
    assert box.can(SERVICE, "touch", "var/lib/strowger/secrets/provider")
    assert box.can("strowger-edge.service", "cat", "var/lib/strowger/secrets/provider")
    assert not box.can(WEB, "ls", "var/lib/strowger/secrets")

"""The image's files, as far as they can be judged without building it: syntax, consistency with the settings."""

from __future__ import annotations

import configparser
import re
import subprocess
from pathlib import Path

import pytest

from firmware import config as configuration
from firmware.network import root
from tests.systemd.confined import settings

ROOT = Path(__file__).resolve().parents[3]
IMAGE = ROOT / "image"
OVERLAY = IMAGE / "overlay"
UNITS = sorted((ROOT / "systemd/image").glob("*.service"))


def scripts() -> list[Path]:
    own = [*IMAGE.glob("*.sh"), *(IMAGE / "steps").iterdir(), *(IMAGE / "keys").glob("*.sh")]
    inside = [*(OVERLAY / "usr/lib/strowger").iterdir(), *(OVERLAY / "usr/local/bin").iterdir()]
    first = IMAGE / "initramfs/etc/initramfs-tools"
    return sorted([*own, *inside, *(first / "hooks").iterdir(), *(first / "scripts/local-bottom").iterdir()])


@pytest.mark.parametrize("script", scripts(), ids=lambda path: path.name)
def test_every_script_can_be_read_by_its_shell(script: Path) -> None:
    first = script.read_text("utf-8").splitlines()[0]
    shell = "bash" if "bash" in first else "sh"
    done = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_steps_have_each_a_number_of_their_own_and_can_be_run() -> None:
    steps = sorted((IMAGE / "steps").iterdir())
    assert len({step.name[:2] for step in steps}) == len(steps)
    assert all(re.fullmatch(r"\d\d-[a-z-]+\.sh", step.name) and step.stat().st_mode & 0o111 for step in steps)


def test_rauc_knows_two_slots_the_disk_has_and_refuses_unsigned_formats() -> None:
    conf = configparser.ConfigParser()
    conf.read(OVERLAY / "etc/rauc/system.conf")
    disk = (IMAGE / "amd64/genimage.cfg").read_text("utf-8")
    slots = [conf[name] for name in conf.sections() if name.startswith("slot.")]
    assert [slot["bootname"] for slot in slots] == ["A", "B"]
    for slot in slots:
        assert f"partition {slot['device'].rpartition('/')[2]} " in disk
    assert conf["system"]["bundle-formats"] == "-plain"
    assert conf["system"]["bootloader"] == "grub"
    assert (OVERLAY / conf["handlers"]["pre-install"].lstrip("/")).exists()


def test_the_settings_of_a_fresh_box_are_sound() -> None:
    shipped = configuration.load(OVERLAY / "usr/share/strowger/strowger.toml")
    assert shipped.paths.state == Path("/var/lib/strowger")
    assert shipped.web.listen == "127.0.0.1:8080"


def test_the_firewall_opens_what_the_default_settings_use_and_nothing_else() -> None:
    shipped = configuration.load(OVERLAY / "usr/share/strowger/strowger.toml")
    rules = (OVERLAY / "etc/nftables.conf").read_text("utf-8")
    wanted = {
        "80, 443",
        shipped.edge.listen[0].rpartition(":")[2],
        f"{shipped.sip.rtp_first}-{shipped.sip.rtp_last}",
        f"{shipped.edge.rtpengine_first}-{shipped.edge.rtpengine_last}",
    }
    opened = set(re.findall(r"dport \{? ?([0-9, -]+?) ?\}? accept", rules))
    assert opened - {"68", "546", "5353"} == wanted
    assert (
        rules.count("5353")
        == len(re.findall(r"daddr (?:224\.0\.0\.251|ff02::fb) udp dport 5353", rules))
        == 2
    )
    assert "tcp dport @technician limit rate" in rules
    assert "policy drop" in rules


def test_the_loader_is_told_what_the_initrd_and_rauc_look_for() -> None:
    loader = (IMAGE / "amd64/grub.cfg").read_text("utf-8")
    assert "rauc.slot=$3" in loader
    assert "strowger.wipe=1" in loader
    assert "init=" not in loader


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_what_a_unit_of_the_image_starts_is_in_the_image(unit: Path) -> None:
    for command in settings(unit).get("ExecStart", []):
        program = command.split()[0]
        if program.startswith("/usr/lib/strowger/"):
            assert (OVERLAY / program.lstrip("/")).stat().st_mode & 0o111


def test_every_kind_of_unit_there_is_gets_into_the_image() -> None:
    step = (IMAGE / "steps/40-root.sh").read_text("utf-8")
    kinds = re.search(r"systemd/image/\*\.\{([a-z,]+)\}", step)
    assert kinds is not None
    assert {path.suffix[1:] for path in (ROOT / "systemd/image").iterdir()} == set(kinds[1].split(","))


def test_the_development_keys_say_that_they_are_worthless() -> None:
    for key in (IMAGE / "keys").glob("*.key"):
        assert "worthless" in key.name
    for paper in (IMAGE / "keys").glob("*.pem"):
        command = ["openssl", "x509", "-noout", "-subject", "-in", str(paper)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert "WORTHLESS" in told


def test_no_list_names_a_package_twice_and_a_remote_shell_waits_for_a_technician() -> None:
    lists = [*(IMAGE / "packages").glob("*.list"), IMAGE / "setup/packages/runtime.list"]
    names = [
        line
        for file in lists
        for line in file.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert len(names) == len(set(names))
    assert not {"dropbear", "telnetd", "sudo"} & set(names)
    customise = (IMAGE / "customise.sh").read_text("utf-8")
    assert "ssh.service ssh.socket" in customise.partition("systemctl mask")[2].partition("chroot")[0]
    door = ROOT / "systemd/image/strowger-ssh.service"
    assert "WantedBy" not in door.read_text("utf-8")
    assert settings(door)["RuntimeMaxSec"] == ["4h"]
    told = (OVERLAY / "usr/share/strowger/sshd_config").read_text("utf-8")
    for line in ("PasswordAuthentication no", "AuthenticationMethods publickey", "AllowTcpForwarding no"):
        assert f"\n{line}\n" in told


def test_every_file_the_service_leaves_for_root_is_watched_for_and_taken_away() -> None:
    folder = ROOT / "systemd/image"
    watched = {path.stem: settings(path)["PathExists"][0] for path in folder.glob("*.path")}
    assert set(watched.values()) == {
        f"/run/strowger/{name}"
        for name in (
            "restart-wanted",
            "apply-wanted",
            "power-off-wanted",
            "technician-key",
            "technician-code",
            "network-wanted",
            "network-confirmed",
        )
    }
    door = (OVERLAY / "usr/lib/strowger/technician").read_text("utf-8")
    address = {f"/{file}" for file in (root.WANTED, root.CONFIRMED)}
    for unit, file in watched.items():
        service = folder / f"{unit}.service"
        commands = settings(service) if service.exists() else {}
        gone = f"/bin/rm -f {file}"
        taken = gone in [*commands.get("ExecStart", []), *commands.get("ExecStartPre", [])]
        assert taken or file in door or file in address, unit

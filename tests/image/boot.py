"""Stage ``boot``: a freshly flashed box starts, proves itself and shows nothing it should not.

The last test keeps the machine as it runs, so that the other stages need not boot it again.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.image.inside import FIRST, MADE, front_page, say, slot, version
from tests.image.machine import Machine

OUTSIDE = Path(__file__).with_name("outside.py")
MOST_EXPOSED = 3.0
_ALWAYS = re.compile(r"strowger(-edge|-rtpengine|-kamailio|-web|-nginx)?\.service")
"""What runs for as long as the box does; the others do one thing as root and end."""
_NEIGHBOUR = """
ip netns add office
ip link add vbox type veth peer name vout netns office
ip address add 198.51.100.1/24 dev vbox
ip link set vbox up
ip -n office address add 198.51.100.2/24 dev vout
ip -n office link set lo up
ip -n office link set vout up
ip -n office route add default via 198.51.100.1
"""


def test_it_proves_itself_and_serves_its_pages(flashed: Machine) -> None:
    flashed.wait_for(f"version {FIRST} in slot A is good")
    flashed.wait_for("set-up code: [A-Z0-9]{8}")
    assert b"Strowger" in front_page(flashed)
    assert (slot(flashed), version(flashed)) == ("A", FIRST)


def test_every_unit_is_up_and_the_service_is_well(flashed: Machine) -> None:
    state = flashed.run("systemctl is-system-running --wait || true").strip()
    assert state == "running", flashed.run("systemctl --failed")
    say(flashed.run("/opt/strowger/.venv/bin/strowger status"))


def test_its_root_cannot_be_written_and_its_disk_is_used_to_the_end(flashed: Machine) -> None:
    assert "Read-only" in flashed.run("touch /usr/probe 2>&1 || true")
    assert int(flashed.run("df --output=size -BM /data | tail -n 1").strip(" M\n")) > 3000


def test_it_says_its_name_and_its_code_on_the_screen(flashed: Machine) -> None:
    shown = flashed.run("cat /run/strowger-console")
    code = flashed.run("cat /var/lib/strowger/setup-code").strip()
    assert re.fullmatch(r"[A-Z0-9]{8}", code)
    for said in ("https://strowger.local", "https://10.0.2.15/", code, "SHA-256"):
        assert said in shown


def test_no_program_listens_where_nobody_was_told(flashed: Machine) -> None:
    """avahi also asks from a port of its own, which the firewall lets nobody reach."""
    sockets = (
        "ss -Hltunp | grep -v avahi-daemon | awk '{print $1, $5}' | grep -v '127\\.\\|\\[::1\\]' || true"
    )
    ports = {line.rpartition(":")[2] for line in flashed.run(sockets).split("\n") if line}
    assert ports <= {"80", "443", "5060", "68", "546"}
    assert (
        flashed.run("systemctl is-active ssh.service strowger-ssh.service || true").split()
        == ["inactive"] * 2
    )


def test_a_neighbour_reaches_only_what_is_listed_and_finds_the_box_by_its_name(flashed: Machine) -> None:
    """All 65,535 TCP ports are tried, from a network of its own behind a cable that was plugged in late."""
    flashed.run(_NEIGHBOUR.strip().replace("\n", " && "))
    flashed.until("ss -Hltn | grep -q 198.51.100.1:5060")
    flashed.run(f"cat >/run/outside.py <<'EOF'\n{OUTSIDE.read_text('utf-8')}\nEOF")
    look = "ip netns exec office python3 /run/outside.py"
    scanned = flashed.run(f"{look} scan 198.51.100.1")
    assert ast.literal_eval(scanned) == [80, 443, 5060]
    assert flashed.until(f"{look} name 198.51.100.2").strip() == "198.51.100.1"
    flashed.run("ip netns delete office")


def test_no_unit_of_ours_is_more_exposed_than_allowed(flashed: Machine) -> None:
    units = "$(systemctl list-units --all --plain --no-legend 'strowger*.service' | cut -d' ' -f1)"
    told = flashed.run(f"for unit in {units}; do systemd-analyze security --no-pager $unit | tail -n 1; done")
    exposed = {
        name: float(level) for name, level in re.findall(r"for (strowger\S*\.service): ([\d.]+)", told)
    }
    say("\n".join(f"{level:4.1f} {name}" for name, level in sorted(exposed.items())))
    assert exposed
    assert {
        name: level for name, level in exposed.items() if _ALWAYS.match(name) and level > MOST_EXPOSED
    } == {}


def test_how_long_it_took_is_told_and_it_is_kept(flashed: Machine) -> None:
    say(
        flashed.run(
            "systemd-analyze; systemd-analyze critical-chain --no-pager strowger-nginx.service || true"
        )
    )
    flashed.keep(MADE / "proven")

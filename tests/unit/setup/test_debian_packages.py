"""Set-up, Debian packages: all or nothing, and in words. Stand-ins take the place of apt and dpkg."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.setup.checkout import REPOSITORY, Checkout

STEP = "image/setup/10-debian.sh"
ALL_BUT_SWIG = '[ "${@: -1}" != swig ] && printf installed'
SOURCES = 'case "$*" in indextargets*) echo "http://mirror.invalid/debian bookworm/main";; *) {};; esac'


def test_says_so_when_everything_is_there(checkout: Checkout) -> None:
    checkout.stand_in("dpkg-query", "printf installed")
    checkout.stand_in("apt-get", "exit 1")
    done = checkout.run(STEP)
    assert (done.returncode, done.stdout, done.stderr) == (0, "debian     packages: already there\n", "")
    assert not [call for call in checkout.calls if call.startswith("apt-get")]


def test_without_a_package_source_names_package_and_source_and_installs_nothing(checkout: Checkout) -> None:
    checkout.stand_in("dpkg-query", ALL_BUT_SWIG)
    checkout.stand_in("sudo", 'shift; exec "$@"')
    checkout.stand_in(
        "apt-get", SOURCES.format('echo "E: Temporary failure resolving mirror.invalid" >&2; exit 100')
    )
    done = checkout.run(STEP)
    assert done.returncode == 1
    assert "E: Temporary failure resolving mirror.invalid" in done.stderr
    assert "nothing was installed" in done.stderr
    assert "Missing:  swig\n" in done.stderr
    assert "Asked of: http://mirror.invalid/debian bookworm/main\n" in done.stderr
    installs = [call for call in checkout.calls if call.startswith("apt-get") and " install " in call]
    assert len(installs) == 1
    assert "--download-only" in installs[0]


def test_without_root_and_sudo_says_what_root_has_to_type(checkout: Checkout) -> None:
    checkout.stand_in("dpkg-query", ALL_BUT_SWIG)
    checkout.stand_in("id", "echo 1000")
    for program in ("bash", "basename", "cat", "cut", "dirname", "node", "npm", "sed", "sha256sum"):
        machine = next(
            (
                Path(f"{folder}/{program}")
                for folder in ("/usr/bin", "/bin")
                if Path(folder, program).exists()
            ),
            None,
        )
        if machine:
            (checkout.programs / program).symlink_to(machine)
    checkout.environment["PATH"] = str(checkout.programs)
    done = checkout.run(STEP)
    assert done.returncode == 1
    assert "only root can install them" in done.stderr
    assert "apt-get install --no-install-recommends swig" in done.stderr


@pytest.mark.parametrize(
    "name", sorted(path.name for path in (REPOSITORY / "image/setup/packages").iterdir())
)
def test_lists_are_sorted_and_name_nothing_twice(name: str) -> None:
    lines = (REPOSITORY / "image/setup/packages" / name).read_text().splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    assert names == sorted(set(names))

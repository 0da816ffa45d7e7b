"""Set-up, where the source of pjproject comes from: only what is pinned, and in the order promised."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.unit.setup.checkout import Checkout

FETCH = "firmware/trunks/native/fetch.sh"
GOOD, OTHER = b"the pinned tarball", b"another tarball"
PINNED = "pjproject-9.99.tar.xz"
OFFER = (
    "'http://mirror.invalid/a.orig-Xpjproject.tar.xz' asterisk_9.orig-Xpjproject.tar.xz 18 SHA256:{sha256}"
)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def fresh(checkout: Checkout) -> Checkout:
    """A checkout that pins a tarball of a few bytes, on a machine that reaches nobody."""
    pins = checkout.repository / "firmware/trunks/native/pjproject.pins"
    pins.write_text(
        f"# sha256 what\n{sha256(GOOD)}  {PINNED}\n{sha256(b'upstream')}  pjproject-2.17.tar.gz\n"
    )
    checkout.stand_in("apt-get", "exit 100")
    checkout.stand_in("apt-helper", 'echo "E: Could not resolve" >&2; exit 100')
    return checkout


def debian_offers(checkout: Checkout, content: bytes) -> None:
    """Let Debian's unstable carry this content, and let the downloader fetch it."""
    offer = OFFER.format(sha256=sha256(content))
    checkout.stand_in(
        "apt-get",
        f'case "$*" in *indextargets*) echo "Debian http://mirror.invalid";; *--print-uris*) echo "{offer}";; esac',
    )
    fetch = (
        f'case "$*" in *mirror.invalid*) printf %s "{content.decode()}" >"${{@: -2:1}}";; *) exit 100;; esac'
    )
    checkout.stand_in("apt-helper", fetch)


def fetched(checkout: Checkout) -> Path:
    done = checkout.run(FETCH, str(checkout.cache))
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_takes_the_named_tarball_and_keeps_it(fresh: Checkout, tmp_path: Path) -> None:
    tarball = tmp_path / "any-name.tar.xz"
    tarball.write_bytes(GOOD)
    fresh.environment["PJPROJECT_TARBALL"] = str(tarball)
    assert fetched(fresh).read_bytes() == GOOD
    del fresh.environment["PJPROJECT_TARBALL"]
    assert fetched(fresh) == fresh.cache / PINNED
    assert not fresh.calls


def test_a_damaged_file_in_the_cache_is_replaced(fresh: Checkout) -> None:
    fresh.cache.mkdir()
    (fresh.cache / PINNED).write_bytes(OTHER)
    debian_offers(fresh, GOOD)
    assert fetched(fresh).read_bytes() == GOOD


def test_a_tarball_that_is_not_pinned_is_not_taken(fresh: Checkout, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(OTHER)
    fresh.environment["PJPROJECT_TARBALL"] = str(tmp_path / "other")
    done = fresh.run(FETCH, str(fresh.cache))
    assert done.returncode == 1
    assert f"the sha256 of {tmp_path}/other is not pinned: ignored" in done.stderr


def test_a_newer_one_from_debian_is_the_last_resort_and_comes_with_a_warning(fresh: Checkout) -> None:
    debian_offers(fresh, OTHER)
    done = fresh.run(FETCH, str(fresh.cache))
    assert Path(done.stdout.strip()).read_bytes() == OTHER
    assert "WARNING: Debian has a pjproject that this release was not tested with" in done.stderr
    assert [call for call in fresh.calls if "github.com" in call], "upstream's pinned release is asked first"


def test_says_where_it_looked_and_what_would_help(fresh: Checkout) -> None:
    done = fresh.run(FETCH, str(fresh.cache))
    assert (done.returncode, done.stdout) == (1, "")
    for words in (
        "tried: Debian",
        "tried: upstream",
        "E: Could not resolve",
        PINNED,
        sha256(GOOD),
        "PJPROJECT_TARBALL",
    ):
        assert words in done.stderr
    assert not list(fresh.cache.iterdir())

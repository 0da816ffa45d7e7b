"""A box of its own for the tests of the pages: the fake service and the real pages, each a process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.box import Box
from tests.web.browser import Browser

REPO = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def node_packages() -> Path:
    """Where playwright-core and axe-core are."""
    folder = Path(os.environ.get("STROWGER_NODE_MODULES", REPO / "tests/node_modules"))
    assert (folder / "playwright-core").is_dir(), "npm packages are missing: run make setup"
    return folder


@pytest.fixture(scope="session")
def browser(node_packages: Path) -> Iterator[Browser]:
    """One Chromium for all tests; ``open`` gives each a fresh profile."""
    running = Browser(node_packages)
    yield running
    running.stop()


@pytest.fixture
def new_box(tmp_path: Path) -> Iterator[Box]:
    """A box nobody has set up."""
    with Box.started(tmp_path) as box:
        yield box


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A box with an administrator, two agents, a list and a running campaign; tests only add to it."""
    with Box.started(tmp_path_factory.mktemp("office")) as box:
        box.furnish()
        yield box


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """The same, furnished and switched off, to take copies of."""
    with Box.started(tmp_path_factory.mktemp("furnished")) as box:
        box.furnish()
    return box


@pytest.fixture
def own_office(tmp_path: Path, furnished: Box) -> Iterator[Box]:
    """The same for one test alone, which may break it."""
    with Box.started(tmp_path, like=furnished) as box:
        yield box


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser carry the mark ``web``."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.web)

"""Every test of the set-up gets a checkout it may spoil."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.setup.checkout import Checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)

"""For every test: requirement ids are checked, and what was proved is recorded (``tests.requirements``)."""

from __future__ import annotations

import pytest

from tests.requirements import RESULTS, Recorder, table


def pytest_configure(config: pytest.Config) -> None:
    """Add the recorder."""
    config.pluginmanager.register(Recorder(RESULTS, (row.id for row in table())), "requirements")

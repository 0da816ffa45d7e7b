"""For every test: requirement ids are checked, and what was proved is recorded (``tests.requirements``)."""

from __future__ import annotations

import os

import hypothesis
import pytest

from tests.requirements import RESULTS, Recorder, table


def pytest_configure(config: pytest.Config) -> None:
    """Add the recorder. Examples take the time they take; where nobody can look at a new one they are the same each
    time, so that a change is judged by what it changed."""
    hypothesis.settings.register_profile("suite", deadline=None, derandomize="CI" in os.environ)
    hypothesis.settings.load_profile("suite")
    config.pluginmanager.register(Recorder(RESULTS, (row.id for row in table())), "requirements")

"""What every test starts from: no setting of the machine leaks in."""

import os

import pytest


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("HEADEND_") or name == "NO_COLOR":
            monkeypatch.delenv(name)

"""Where the data files live: beside the checkout's ``tasks/``, or inside the wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]
_DATA = _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else _PACKAGE / "data"

PARSERS = _DATA / "parsers"
TEMPLATES = _DATA / "templates"

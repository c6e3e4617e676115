"""What a caller would meet at login, on each headend or by a saved configuration."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from headend.model.policy import Caller, Encounter
from headend.policy.configuration import Configuration
from headend.policy.resolve import resolve
from headend.workflow.planning import Place
from headend.workflow.site_words import site_words


def met(places: Iterable[Place], caller: Caller, inventory: Path) -> dict[str, Encounter]:
    """Return by headend what a caller would meet; the site's words name its token groups."""
    token_name = site_words(inventory).token_group
    return {each.headend: resolve(each.configuration, caller, token_name) for each in places}


def saved(name: str, text: str) -> Place:
    """Return a place of which only its saved configuration is known."""
    return Place(name, Configuration.parse(text))

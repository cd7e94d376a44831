"""`make tables`: look up the word forms of the shipped rules, and write them beside this file."""

from __future__ import annotations

from pathlib import Path

from bot.rulebook import read_folder
from bot.rules.compile import read_rules
from bot.territories import country_names
from bot.wordforms import cache_folder, ship

if __name__ == "__main__":
    rules = Path(__file__).parent.parent.parent / "rules"
    ship(read_rules(dict(read_folder(rules).texts), lambda: country_names(cache_folder())).vocabulary)

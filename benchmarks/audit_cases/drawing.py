"""Draws from tables: alternatives in brackets, slots in braces, numbers in words."""

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

TABLES = Path(__file__).resolve().parent / "tables"

Item = TypeVar("Item")

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()


@cache
def table(name: str) -> dict[str, Any]:
    """Return one of the tables."""
    return tomllib.loads((TABLES / f"{name}.toml").read_text(encoding="utf-8"))


class Draw(random.Random):
    """Random draws with a name, so that adding one record changes no other."""

    def words(self, template: str, slots: Mapping[str, object]) -> str:
        """Fill a template: ``[a|b]`` becomes one of them, ``{slot}`` its value, ``{Slot}`` with a capital."""
        chosen = _CHOICE.sub(lambda found: self.choice(found[1].split("|")), template)
        return chosen.format_map(_Slots(slots))

    def one(self, templates: Sequence[str], slots: Mapping[str, object]) -> str:
        """Fill one of several templates."""
        return self.words(self.choice(templates), slots)

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """Return that many different items in random order, or all."""
        return self.sample(items, min(count, len(items)))

    def chance(self, share: float) -> bool:
        """Return true in that share of the draws."""
        return self.random() < share

    def decimal(self, low: float, high: float, places: int = 1) -> Decimal:
        """Return a number between two, with that many decimals."""
        return rounded(Decimal(str(self.uniform(low, high))), places)


class _Slots(dict[str, object]):
    """Values of slots; a name with a capital gives the value with one."""

    def __missing__(self, name: str) -> str:
        lower = name[0].lower() + name[1:]
        if lower == name:
            raise KeyError(name)
        return capital(str(self[lower]))


def capital(text: str) -> str:
    """Return a text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def in_words(number: int) -> str:
    """Return a number below one hundred in words."""
    if number < len(_SMALL):
        return _SMALL[number]
    tens, rest = divmod(number, 10)
    return _TENS[tens] + (f"-{_SMALL[rest]}" if rest else "")


def with_article(noun: str) -> str:
    """Return a noun with "a" or "an" before it."""
    starts_as_vowel = noun[0].lower() in "aeio" and not noun.startswith("one")
    return f"{'an' if starts_as_vowel else 'a'} {noun}"


def rounded(number: Decimal, places: int = 1) -> Decimal:
    """Return a number rounded half up, as people do."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

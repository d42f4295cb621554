"""How defects are declared and seeded into sound records.

Add a way in which a defect may look by adding one function to a module of ``defects``:

    @defect("C103")
    def wrong_total(case, draw):
        ...change case.manifest or case.provenance...
        return "/stated/totals/0/total"

It returns the pointer of what it changed (``provenance /methodology`` for the other document), or None when
the record does not lend itself to it.  The record must stay valid.  Records that must be filed before it go
to ``case.beside``.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from audit_cases.drawing import Draw
from audit_cases.publishing import Case

Seed = Callable[[Case, Draw], str | None]

DEFECTS: dict[str, list[Seed]] = {}


@dataclass
class Injection:
    """A record into which one defect was seeded: by which function, where, and from which sound record."""

    code: str
    way: str
    case: Case
    where: str


def defect(code: str) -> Callable[[Seed], Seed]:
    """Declare one way in which the defect of a rule may look."""

    def declare(seed: Seed) -> Seed:
        DEFECTS.setdefault(code, []).append(seed)
        return seed

    return declare


def seeded(code: str, sound: Sequence[Case], count: int, seed: int) -> list[Injection]:
    """Seed the defect of a rule into that many different records, each way in turn.

    Raises ValueError when the ways find too few records that lend themselves to them.
    """
    alone = [place for place, case in enumerate(sound) if not case.beside]
    order = Draw(f"{seed}-{code}").sample(alone, len(alone))
    found: list[Injection] = []
    ways = DEFECTS[code]
    for number in range(count * 4):
        if len(found) == count:
            return found
        way = ways[number % len(ways)]
        draw = Draw(f"{seed}-{code}-{number}")
        for place, case, where in _tries(way, [sound[place] for place in order], draw):
            found.append(Injection(code, way.__name__, case, where))
            del order[place]
            break
    if len(found) == count:
        return found
    raise ValueError(f"{code}: only {len(found)} of {count} records lend themselves to it")


def _tries(way: Seed, cases: list[Case], draw: Draw) -> Iterator[tuple[int, Case, str]]:
    """Try records in turn until one lends itself to a defect."""
    for place, sound in enumerate(cases):
        case = replace(
            sound,
            manifest=copy.deepcopy(sound.manifest),
            provenance=copy.deepcopy(sound.provenance),
            beside=[],
        )
        where = way(case, draw)
        if where is not None:
            yield place, case, where

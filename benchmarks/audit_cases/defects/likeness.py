"""U101 and U102: claims and records that say the same twice."""

# ruff: noqa: D103  the name of a way says what it does

import copy
import re
from dataclasses import replace

from audit_cases.drawing import Draw
from audit_cases.editing import facts, rewrite
from audit_cases.publishing import Case
from audit_cases.seeding import Seed, defect

_DIGITS = re.compile(r"\d")


def _twice(case: Case, draw: Draw, first: str, second: str) -> str | None:
    written = rewrite(case, draw, [first, second])
    return written[1] if len(written) > 1 else None


@defect("U101")
def the_same_claim_twice(case: Case, draw: Draw) -> str | None:
    text = draw.choice(case.manifest["claims"])["text"]
    return _twice(case, draw, text, text)


@defect("U101")
def the_same_numbers_in_nearly_the_same_words(case: Case, draw: Draw) -> str | None:
    slots = facts(case, draw)
    first = draw.words(
        "On {dataset}, {system} reaches {v}% {share} while {other} stops at {w}% {share}.", slots
    )
    changes = (("reaches", "attains"), ("while", "whereas"), ("stops at", "reaches"), ("while", "and"))
    return _twice(case, draw, first, first.replace(*draw.choice(changes)))


@defect("U101")
def the_same_words_in_another_order(case: Case, draw: Draw) -> str | None:
    slots = facts(case, draw)
    first = draw.words("On {dataset}, {system} has {v}% {share} and {other} has {w}% {share}.", slots)
    return _twice(
        case,
        draw,
        first,
        draw.words("{System} has {v}% {share} and {other} has {w}% {share} on {dataset}.", slots),
    )


@defect("U101")
def the_same_quotation_twice(case: Case, draw: Draw) -> str | None:
    slots = facts(case, draw)
    quoted = draw.words(
        "a better {part} helps {system} more than a longer search of its settings does", slots
    )
    first = f"The authors conclude that \u201c{quoted}\u201d."
    return _twice(
        case, draw, first, draw.words(f"On {{dataset}} it is said that \u201c{quoted}\u201d.", slots)
    )


def _pair(change: str) -> Seed:
    """Return a way to file a record beside an earlier one that says nearly the same."""

    def seed(case: Case, draw: Draw) -> str | None:
        if len(case.manifest["abstract"].split()) < 40:
            return None
        earlier = replace(
            case, manifest=copy.deepcopy(case.manifest), provenance=copy.deepcopy(case.provenance), beside=[]
        )
        _order(case, earlier)
        case.manifest["title"] = f"Again: {case.manifest['title']}"
        _CHANGES[change](case, draw)
        case.beside.append(earlier)
        return "/abstract" if "abstract" in change else "/claims"

    seed.__name__ = change
    return seed


def _order(case: Case, earlier: Case) -> None:
    """Make the copy the earlier one, by its own date and by the order of ids."""
    case.rename(f"f{case.id[1:]}")
    earlier.rename(f"0{earlier.id[1:-1]}0")
    earlier.manifest["submitted"] = "2026-01-10"
    earlier.stated["dates"] = None
    if earlier.stated["gate"]:
        earlier.stated["gate"]["evaluated_at"] = None


def _claims_only(case: Case, draw: Draw) -> None:
    case.manifest["abstract"] = (
        f"What {case.study.asked['task']} owes to its methods is told here in other words."
    )


def _shuffled(case: Case, draw: Draw) -> None:
    texts = [one["text"] for one in case.manifest["claims"]]
    draw.shuffle(texts)
    for claim, text in zip(case.manifest["claims"], texts, strict=True):
        claim["text"] = text
    _claims_only(case, draw)


def _abstract_only(case: Case, draw: Draw) -> None:
    for place, claim in enumerate(case.manifest["claims"], 1):
        claim["text"] = (
            f"Statement {place} of this edition concerns {draw.choice(case.study.field['parts'])}s."
        )


def _few_words(case: Case, draw: Draw) -> None:
    words = case.manifest["abstract"].split()
    words[draw.randrange(len(words))] = "indeed"
    case.manifest["abstract"] = " ".join(words)
    for claim in draw.some(case.manifest["claims"], 1):
        claim["text"] = _DIGITS.sub("7", claim["text"], count=1)


def _respaced(case: Case, draw: Draw) -> None:
    case.manifest["abstract"] = case.manifest["abstract"].replace(". ", ".  ").upper()


def _same(case: Case, draw: Draw) -> None:
    """Leave abstract and claims as they are."""


_CHANGES = {
    "equal_claims_under_another_abstract": _claims_only,
    "equal_claims_in_another_order": _shuffled,
    "equal_abstract_over_other_claims": _abstract_only,
    "abstract_and_claims_with_few_words_changed": _few_words,
    "equal_abstract_in_capitals": _respaced,
    "equal_abstract_and_claims": _same,
}
for _name in _CHANGES:
    defect("U102")(_pair(_name))

"""Sound things that look like a defect.  Each changes a sound record, which stays sound.

``@lookalike("C101")`` names the rule that might be fooled; false means that it does not fit this record.
"""

import copy
from collections.abc import Callable

from audit_cases.drawing import Draw, table
from audit_cases.editing import MANIFEST_TEXTS, PROVENANCE_TEXTS, facts, rewrite, say
from audit_cases.printing import hundredths, percentage
from audit_cases.publishing import Case

Change = Callable[[Case, Draw], bool]

LOOKALIKES: list[tuple[str, Change]] = []


def lookalike(code: str) -> Callable[[Change], Change]:
    """Declare one."""

    def declare(change: Change) -> Change:
        LOOKALIKES.append((code, change))
        return change

    return declare


def disguised(case: Case, seed: int, number: int) -> Case:
    """Return the record with one lookalike, and sometimes a second; ``group`` names them."""
    draw, names = Draw(f"{seed}-lookalike-{number}"), []
    for turn in range(number, number + (2 if draw.chance(0.3) else 1)):
        for code, change in LOOKALIKES[turn % len(LOOKALIKES) :] + LOOKALIKES:
            if change(case, draw):
                names.append(f"{code} {change.__name__}")
                break
    case.group = ", ".join(names)
    return case


def _claims(code: str) -> Change:
    def change(case: Case, draw: Draw) -> bool:
        text = draw.one(table("lookalikes")[code]["claims"], facts(case, draw))
        return bool(rewrite(case, draw, [text]))

    change.__name__ = "claims"
    return change


def _sentences(code: str) -> Change:
    def change(case: Case, draw: Draw) -> bool:
        text = draw.one(table("lookalikes")[code]["sentences"], facts(case, draw))
        return bool(say(case, draw.choice([*MANIFEST_TEXTS, *PROVENANCE_TEXTS]), text))

    change.__name__ = "sentences"
    return change


for _code in ("X101", "P102", "N101", "N102", "N104", "N105", "K106"):
    lookalike(_code)(_claims(_code))
for _code in ("T106", "X102", "K102", "K103", "B106"):
    lookalike(_code)(_sentences(_code))


@lookalike("C101")
def counts_of_a_part(case: Case, draw: Draw) -> bool:
    """State how many claims of a part were extracted or verified."""
    for count, template in draw.some(table("lookalikes")["C101"]["counts"], 2):
        slots = facts(case, draw)
        case.stated["counts"].append(
            {"count": count, "value": slots["m"], "text": draw.words(template, slots)}
        )
    return True


@lookalike("C101")
def counts_of_other_things(case: Case, draw: Draw) -> bool:
    """Mention a number of claims of another edition, or of none that is listed."""
    say(case, "/stated/notes/-", draw.one(table("lookalikes")["C101"]["notes"], facts(case, draw)))
    return True


@lookalike("C102")
def screening_that_adds_up(case: Case, draw: Draw) -> bool:
    """Tell how many papers were found, left out and used."""
    if "flow" in case.style:
        return False
    double, out = draw.randint(3, 60), draw.randint(3, 90)
    slots = {**facts(case, draw), "double": double, "out": out}
    slots["found"] = slots["p"] + double + out
    say(case, "provenance /methodology", draw.one(table("lookalikes")["C102"]["flow"], slots))
    return True


@lookalike("C102")
def parts_of_the_papers(case: Case, draw: Draw) -> bool:
    """Mention some of the papers."""
    say(case, "/stated/notes/-", draw.one(table("lookalikes")["C102"]["notes"], facts(case, draw)))
    return True


@lookalike("C103")
def members_of_zero(case: Case, draw: Draw) -> bool:
    """Give totals one of whose members is 0, and totals of three."""
    n, a = len(case.manifest["claims"]), draw.randint(1, 3)
    case.stated["totals"] += draw.some(
        [
            {"text": f"{n} claims: {n} in prose and 0 in tables", "total": n, "members": [n, 0]},
            {"text": f"{n} claims ({a} on cost, {n - a} on results)", "total": n, "members": [a, n - a]},
            {"text": f"{n + 30} sentences: 20 + 10 + {n}", "total": n + 30, "members": [20, 10, n]},
        ],
        2,
    )
    return True


@lookalike("R101")
def score_at_the_threshold(case: Case, draw: Draw) -> bool:
    """Let a verified claim have exactly the threshold, and one that is not have a little less."""
    threshold = case.provenance["verification"]["threshold"]
    if threshold is None:
        return False
    limit = hundredths(threshold["text"])
    for mark in (True, False):
        claim = next(one for one in case.manifest["claims"] if one["stated"]["verified"] is mark)
        claim["stated"]["confidence"] = percentage(draw, case.style, limit if mark else limit - 1)
    return True


@lookalike("R103")
def rejection_by_one(case: Case, draw: Draw) -> bool:
    """Accept over one dissenting vote, or after a first rejection."""
    case.stated["decision"] = draw.choice(table("lookalikes")["R103"]["decisions"])
    return True


@lookalike("R103")
def owner_review_done(case: Case, draw: Draw) -> bool:
    """Name the owner's review that took place, or was not needed."""
    case.stated["policy"] = draw.choice(table("lookalikes")["R103"]["policies"])
    if draw.chance(0.5):
        case.stated["header"] = draw.choice(table("lookalikes")["R103"]["headers"])
    return True


@lookalike("R103")
def rules_for_other_reports(case: Case, draw: Draw) -> bool:
    """Say what happens to reports that are unlike this one."""
    say(case, "/stated/notes/-", draw.choice(table("lookalikes")["R103"]["notes"]))
    return True


@lookalike("T103")
def names_spelt_otherwise(case: Case, draw: Draw) -> bool:
    """Ask for a system with a space where the claims have a hyphen, or in capitals."""
    name = case.study.asked["system"]
    other = draw.choice([name.replace("-", " "), name.replace("-", "\u2011"), name.upper()])
    is_coined = any(letter.isdigit() for letter in name) and not name.startswith(("the ", "a "))
    if other == name or not is_coined or name not in case.manifest["research_question"]:
        return False
    case.manifest["research_question"] = case.manifest["research_question"].replace(name, other)
    return True


@lookalike("T105")
def title_of_a_source_within(case: Case, draw: Draw) -> bool:
    """Name a source's title inside a longer one."""
    title = draw.choice(case.manifest["sources"])["title"]
    system, other = (case.study.asked[one] for one in ("system", "other"))
    case.manifest["title"] = f"\u201c{title}\u201d, read beside other papers on {system} and {other}"
    return system in case.manifest["abstract"]


@lookalike("X101")
def titles_that_end_on_a_small_word(case: Case, draw: Draw) -> bool:
    """End a title where a sentence may end in English."""
    case.manifest["title"] = draw.one(table("lookalikes")["X101"]["titles"], case.study.asked)
    return True


@lookalike("N103")
def same_thing_under_two_conditions(case: Case, draw: Draw) -> bool:
    """Give two values of one thing under two named conditions."""
    slots = facts(case, draw)
    pair = draw.choice(table("lookalikes")["N103"]["pairs"])
    return len(rewrite(case, draw, [draw.words(one, slots) for one in pair])) > 1


@lookalike("U101")
def same_number_of_two_things(case: Case, draw: Draw) -> bool:
    """Say of two collections what happens to be the same number."""
    slots = facts(case, draw)
    taken = " ".join(one["text"] for one in case.manifest["claims"])
    free = [one for one in slots["field"]["datasets"] if one not in taken]
    if len(free) < 2:
        return False
    template = draw.choice(
        ["{System} has {a_share} of {v}% on {dataset}.", "On {dataset}, {system} shows {v}% {share}."]
    )
    rewrite(case, draw, [draw.words(template, {**slots, "dataset": one}) for one in draw.some(free, 2)])
    return True


@lookalike("U102")
def second_edition(case: Case, draw: Draw) -> bool:
    """Replace an older record that said nearly the same, and say so."""
    older = copy.deepcopy(case)
    older.rename(f"0{case.id[1:-1]}0")
    older.manifest["submitted"] = "2026-01-02"
    if older.stated["dates"] or older.stated["gate"] or older.id == case.id:
        return False
    case.manifest["abstract"] += f" This is the {draw.choice(['second', 'corrected'])} edition."
    case.manifest["supersedes"] = older.id
    case.beside.append(older)
    return True


@lookalike("B106")
def some_are_reviewed(case: Case, draw: Draw) -> bool:
    """Call those sources peer-reviewed that are no preprints."""
    kinds = {source["kind"] for source in case.manifest["sources"]}
    if kinds != {"arxiv", "doi"}:
        return False
    text = draw.one(table("lookalikes")["B106"]["mixed"], facts(case, draw))
    return bool(say(case, draw.choice(MANIFEST_TEXTS), text))


@lookalike("B104")
def one_source_carries_half(case: Case, draw: Draw) -> bool:
    """Let one source carry half of the claims while every other one carries some."""
    claims, held = case.manifest["claims"], [source["id"] for source in case.manifest["sources"]]
    if len(claims) < 2 * len(held):
        return False
    for place, claim in enumerate(claims):
        claim["sources"] = [held[place] if place < len(held) else held[0] if place % 2 else draw.choice(held)]
    return True


@lookalike("H201")
def all_on_one_day(case: Case, draw: Draw) -> bool:
    """Do everything on one day, and name a day in the reason of the gate that the report did follow."""
    day = case.manifest["submitted"]
    case.stated["dates"] = dict.fromkeys(("retrieved", "written", "reviewed", "published"), day)
    if case.stated["gate"]:
        case.stated["gate"]["evaluated_at"] = day
        case.stated["gate"]["reason"] = draw.choice(table("lookalikes")["H201"]["reasons"])
    return True


@lookalike("R108")
def nothing_ran_and_it_says_so(case: Case, draw: Draw) -> bool:
    """Leave a gate for experiments unevaluated."""
    verdict, reason = draw.choice(table("lookalikes")["R108"]["verdicts"])
    case.stated["gate"] = {"verdict": verdict, "reason": reason, "evaluated_at": None}
    return True

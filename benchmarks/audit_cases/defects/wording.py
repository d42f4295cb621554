"""X101, X102, P101, P102, P103: texts that are cut, misquoted, or left as a machine left them."""

# ruff: noqa: D103  the name of a way says what it does

import re

from audit_cases.drawing import Draw, capital, table
from audit_cases.editing import facts, say
from audit_cases.publishing import Case, sound
from audit_cases.seeding import defect

# Words after which English goes on.
_GOING_ON = re.compile(r"\b(of|with|the|and|than|in|by|from|between|against|that)\b(?= )")
_LONG_WORD = re.compile(r"\b[a-z]{7,}\b")


def _texts(case: Case) -> list[tuple[str, str]]:
    """Return pointers and texts of what can be cut."""
    claims = [(f"/claims/{place}/text", claim["text"]) for place, claim in enumerate(case.manifest["claims"])]
    return [
        *claims,
        *((f"/{name}", case.manifest[name]) for name in ("title", "research_question", "abstract")),
    ]


def _put(case: Case, pointer: str, text: str) -> str:
    parts = pointer.split("/")
    if parts[1] == "claims":
        case.manifest["claims"][int(parts[2])]["text"] = text
    else:
        case.manifest[parts[1]] = text
    return pointer


@defect("X101")
def cut_after_a_small_word(case: Case, draw: Draw) -> str | None:
    pointer, text = draw.choice(_texts(case))
    ends = [found.end() for found in _GOING_ON.finditer(text) if found.end() > 20]
    return _put(case, pointer, text[: draw.choice(ends)]) if ends else None


@defect("X101")
def cut_inside_a_bracket(case: Case, draw: Draw) -> str | None:
    pointer, text = draw.choice(_texts(case))
    opened = draw.words("(e.g., {task}", case.study.asked).rsplit(" ", 1)[0]
    return _put(case, pointer, f"{text.rstrip('.?')} {opened}")


@defect("X101")
def cut_inside_a_quotation(case: Case, draw: Draw) -> str | None:
    pointer, text = draw.choice(_texts(case))
    quoted = draw.words("{system} needs a better {part}", case.study.asked)
    mark = draw.choice(["\u201c", '"'])
    return _put(case, pointer, f"{text.rstrip('.?')}, as one source says: {mark}{quoted}")


@defect("X101")
def cut_inside_a_word(case: Case, draw: Draw) -> str | None:
    texts = _texts(case)
    for pointer, text in draw.sample(texts, len(texts)):
        others = " ".join(other for place, other in texts if place != pointer)
        for found in _LONG_WORD.finditer(text):
            stem = found[0][: draw.randint(3, len(found[0]) - 2)]
            elsewhere = re.search(rf"\b{found[0]}\b", others)
            if elsewhere and found.start() > 20 and not re.search(rf"\b{stem}\b", others, re.IGNORECASE):
                return _put(case, pointer, text[: found.start()] + stem)
    return None


@defect("X101")
def cut_at_one_length(case: Case, draw: Draw) -> str | None:
    """File four abstracts of one publisher that end at the same length."""
    length = draw.choice([420, 500, 600])
    publisher = {"name": f"Cutters No. {draw.randint(1, 10**6)}", "url": None}
    for number in range(3):
        case.beside.append(sound(draw.randint(1, 10**6), number))
    for each in (case, *case.beside):
        parts = [each.manifest["abstract"], *(claim["text"] for claim in each.manifest["claims"])]
        text = " ".join(parts)[:length].rstrip(".")
        each.manifest["abstract"] = (
            text + "a" * (length - len(text)) if text.endswith(" ") or len(text) < length else text
        )
        each.manifest["publisher"] = publisher
    return "/abstract"


def _changed(case: Case, draw: Draw, text: str) -> str:
    """Return a text that a reader would take for the same, and that is not."""
    words = text.split()
    place = draw.randrange(1, len(words) - 1)
    ways = (
        [*words[:place], *words[place + 1 :]],
        [*words[:place], "indeed", *words[place:]],
        words[: max(4, len(words) * 2 // 3)],
        [word.replace(case.study.asked["share"].split()[0], "speed") for word in words],
        [*words[:place], draw.choice(["many", "some", "larger"]), *words[place + 1 :]],
    )
    # A subtitle may be left out of a quotation.
    return " ".join(draw.choice([way for way in ways if way != words and not way[-1].endswith(":")]))


@defect("X102")
def the_question_is_misquoted(case: Case, draw: Draw) -> str | None:
    quoted = _changed(case, draw, case.manifest["research_question"])
    text = draw.one(table("defects")["X102"]["sentences"], {"quoted": quoted})
    return say(case, draw.choice(["/abstract", "/abstract", "/stated/notes/-", "/limitations/-"]), text)


@defect("X102")
def the_title_is_misquoted(case: Case, draw: Draw) -> str | None:
    if "\u201c" in case.manifest["title"]:
        return None
    quoted = _changed(case, draw, case.manifest["title"])
    text = draw.one(table("defects")["X102"]["titles"], {"quoted": quoted})
    return say(case, draw.choice(["/abstract", "/stated/notes/-"]), text)


@defect("X102")
def the_question_is_given_otherwise(case: Case, draw: Draw) -> str | None:
    quoted = _changed(case, draw, case.manifest["research_question"])
    return say(case, "/abstract", draw.one(table("defects")["X102"]["plain"], {"quoted": quoted}) + ".")


@defect("P101")
def two_scales_with_one_prefix(case: Case, draw: Draw) -> str | None:
    prefix = draw.choice(["L", "V", "E", "PL", "Level ", "R", "S-", "Tier ", "Q", "l", "Grade "])
    a, b = draw.sample(range(1, 8), 2)
    case.stated.update({"level": f"{prefix}{a}", "level_label": "of the paper"})
    case.stated.update(
        {"provenance_level": f"{prefix}{draw.choice([a, b])}", "provenance_label": "of its files"}
    )
    return "/stated/provenance_level"


_LINES = ("tier_basis", "claim_source", "level_label", "provenance_label", "decision", "policy")


@defect("P102")
def a_placeholder_stands_for_a_fact(case: Case, draw: Draw) -> str | None:
    name = draw.choice(_LINES)
    case.stated[name] = draw.choice(table("defects")["P102"]["texts"]).format()
    return f"/stated/{name}"


@defect("P102")
def a_placeholder_in_provenance(case: Case, draw: Draw) -> str | None:
    name = draw.choice(["generator", "review", "methodology"])
    case.provenance[name] = draw.choice(table("defects")["P102"]["texts"]).format()
    return f"provenance /{name}"


@defect("P102")
def markup_left_in_a_heading(case: Case, draw: Draw) -> str | None:
    headings = list(case.manifest["headings"])
    place = draw.randrange(len(headings))
    headings[place] = draw.one(table("defects")["P102"]["debris"], {"text": headings[place]})
    case.manifest["headings"] = headings
    return f"/headings/{place}"


@defect("P102")
def markup_left_in_a_text(case: Case, draw: Draw) -> str | None:
    place = draw.randrange(len(case.manifest["claims"]))
    claim = case.manifest["claims"][place]
    first, rest = claim["text"].split(" ", 1)
    claim["text"] = draw.one(table("defects")["P102"]["debris"], {"text": first}) + f" {rest}"
    return f"/claims/{place}/text"


@defect("P102")
def an_empty_cell(case: Case, draw: Draw) -> str | None:
    place = draw.randrange(len(case.manifest["claims"]))
    told, name = case.manifest["claims"][place]["stated"], draw.choice(["flag", "confidence"])
    if told[name] is None:
        return None
    told[name] = None
    if name == "flag":
        told["verified"] = None
    return f"/claims/{place}/stated/{name}"


@defect("P103")
def limitations_say_nothing(case: Case, draw: Draw) -> str | None:
    case.manifest["limitations"] = draw.some(table("defects")["P103"]["boilerplate"], draw.randint(2, 4))
    return "/limitations"


@defect("P103")
def the_method_is_left_out(case: Case, draw: Draw) -> str | None:
    kept = [text for of, text in case.limits.items() if of != "method" and "verif" not in text.lower()]
    case.manifest["limitations"] = [*kept, draw.choice(table("defects")["P103"]["boilerplate"])]
    return "/limitations"


@defect("P103")
def one_thing_is_named_among_phrases(case: Case, draw: Draw) -> str | None:
    named = case.limits[draw.choice(["threshold", "share"])]
    case.manifest["limitations"] = [named, *draw.some(table("defects")["P103"]["boilerplate"], 3)]
    return "/limitations"


@defect("P103")
def no_limitations(case: Case, draw: Draw) -> str | None:
    case.manifest["limitations"] = draw.choice([[], [capital(facts(case, draw)["task"]) + " is hard."]])
    return "/limitations"

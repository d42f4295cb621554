"""Reading scores: which number of a sentence is one, and of which model, dataset and measure."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from colophon.language.beginnings import Led
from colophon.language.folding import fold
from colophon.language.quantities import Quantity, quantities
from colophon.language.sentences import sentences
from colophon.scores import Score, conditions
from colophon.scores.metrics import Mention, metrics
from colophon.scores.names import Name, names

_MOST_NUMBERS = 40
# Claims whose scores are kept at hand.
_REMEMBERED = 128
_CLAUSE = re.compile(
    r";\s|,?\s(?:while|whereas|but|although|though|yet)\s|,\s(?:and|with)\s(?=[A-Za-z-]+\s)|\s-\s",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[0-9]+")
# Runs of digits that a sentence of the most numbers may have; one with more is a table without its lines.
_MOST_DIGITS = 150
# Odds, hazards and intervals of medicine are no scores of a model.
_STATISTICS = Led(
    r"\b(?:odds|hazards?|relative\srisk|risk\sratio|confidence\sintervals?|CI|SD|SE|[AO]?OR|HR|RR)\b",
    "odds hazard relative risk confidence ci sd se or aor oor hr rr",
    0,
)
_VERB = re.compile(
    r"\b(?:reach|achiev|scor|obtain|attain|get|hit|yield|record|rank|answer|solv)(?:s|es|ed|d|ing|e)?\b|\bgot\b",
    re.IGNORECASE,
)
# A whole number without a unit is a score only next to the verb, or in a list that begins there.
_JUST_SCORED = re.compile(
    _VERB.pattern + r"(?:\s(?:an?|about|only|scores?|of|and)\b|[\s0-9.,%])*\s$", re.IGNORECASE
)
# Words before a number that make it another's, or a change.
_NOT_OWN = re.compile(
    r"(?:\b(?:vs\.?|versus|than|by|against|over|compared\s(?:to|with)|of\s\w+\sto|threshold\sof|within|plus|minus)|[±=<>])\s?(?:the\s|a\s)?"
    r"(?:[a-z-]+\s)?$",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"^[\s-]*(?:points?\b|(?:absolute|relative|percentage|[a-z-]+\s)?\s?(?:drop|loss|gain|improvement|increase|decrease|reduction|rise"
    r"|gap|boost|decline|difference|higher|lower|better|worse|more|less|fewer|faster|slower)s?\b)",
    re.IGNORECASE,
)
_MAY_FOLLOW = re.compile(
    r"^(?:\s?[)\],.;:]|\s?$|\s[(\[]|\s(?:on|in|at|for|and|or|with|using|vs\.?|versus|zero-shot|under|respectively|when|while|as|to|from"
    r"|without|after|before|by|in\sterms|[0-9a-z]+-shot|->)(?![\w-]))",
    re.IGNORECASE,
)
_METRIC_BEHIND = re.compile(r"^\s(?:[a-z-]+\s)?$|^\s(?:in|of)\s(?:[a-z-]+\s)?$")
_METRIC_BEFORE = re.compile(
    r"^(?:\s(?:score|rate|value))?\s?(?:(?:of|is|was|at|to|from|=|:|reaches|reached|falls|rises|drops|improves|increases|decreases|[(])"
    r"\s?(?:an?\s|the\s)?(?:only\s|from\s|to\s|of\s)?|\s)$",
    re.IGNORECASE,
)
_LIST = re.compile(r"^\s?%?(?:,\s(?:and\s)?|\s(?:and|&)\s|\sto\s)$")
_FROM_TO = re.compile(r"^\s?%?\s?(?:to|->)\s$")
_IN_BRACKET = re.compile(r"^(?:'s)?\s?[(\[:]\s?$|^(?:'s)?\s(?:at|with)\s$")


# An audit and the pages about benchmarks ask for the same claims of one record.
@lru_cache(maxsize=_REMEMBERED)
def scores(text: str, claim_id: str) -> tuple[Score, ...]:
    """Return the scores that a text states.  Never raises, whatever the text holds."""
    folded = fold(text).text
    return tuple(
        score for start, end in sentences(folded) for score in _of_sentence(folded[start:end], claim_id)
    )


def _of_sentence(text: str, claim_id: str) -> Iterator[Score]:
    if _DIGITS.search(text) is None or _STATISTICS.search(text):
        return
    if len(text) > 2 * _MOST_DIGITS and len(_DIGITS.findall(text)) > _MOST_DIGITS:
        return
    mentions = metrics(text)
    named = names(text)
    numbers = [one for one in quantities(text) if not _is_inside(one, named, mentions)]
    if not numbers or len(numbers) > _MOST_NUMBERS:
        return
    values = [one for one in numbers if _is_score(text, one, mentions, named)]
    for low, high in _clauses(text):
        here = [one for one in values if low <= one.start < high]
        owners = _owners(text, here, [one for one in named if low <= one.start < high])
        for one in here:
            if one in owners:
                model, dataset = owners[one]
                measure = _metric(text, one, mentions)
                dataset = dataset or _only_dataset(named)
                if measure is not _OPEN and (measure or model or dataset):
                    yield _row(text[low:high], one, model, dataset, measure, claim_id)


def _clauses(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
    return list(pairwise(cuts))


def _is_inside(one: Quantity, named: Sequence[Name], mentions: Sequence[Mention]) -> bool:
    return any(start <= one.start < end for start, end in _places(named) + _places(mentions))


def _places(found: Sequence[Name] | Sequence[Mention]) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in found]


def _is_score(text: str, one: Quantity, mentions: Sequence[Mention], named: Sequence[Name]) -> bool:
    """Whether a number is a result: of a scale that scores have, not a change, a bound or a count."""
    if one.kind not in ("percent", "plain") or one.bound or one.value < 0:
        return False
    before, behind = text[max(0, one.start - 30) : one.start], text[one.end : one.end + 40]
    if _NOT_OWN.search(before) or _CHANGE.match(behind):
        return False
    is_measured = any(
        _METRIC_BEHIND.match(text[one.end : each.start]) for each in mentions if each.start >= one.end
    )
    if not is_measured and not _MAY_FOLLOW.match(behind):
        return False
    is_named = any(
        _METRIC_BEFORE.match(text[each.end : one.start]) for each in mentions if each.end <= one.start
    )
    is_printed_finely = one.kind == "percent" or "." in one.text
    verb = _VERB if is_printed_finely else _JUST_SCORED
    if is_measured or is_named or verb.search(text[max(0, one.start - 60) : one.start]):
        return True
    is_owned = any(_IN_BRACKET.match(text[each.end : one.start]) for each in named if each.end <= one.start)
    is_placed = is_owned and any(each.role == "dataset" for each in named)
    return is_printed_finely and (bool(mentions) or is_placed)


# A measure that several of a sentence may be.
_OPEN = "?"


def _metric(text: str, one: Quantity, mentions: Sequence[Mention]) -> str | None:
    """Return the measure of a score, None where none is named, :data:`_OPEN` where several may be meant."""
    behind = [
        each
        for each in mentions
        if each.start >= one.end and _METRIC_BEHIND.match(text[one.end : each.start])
    ]
    before = [
        each
        for each in mentions
        if each.end <= one.start and _METRIC_BEFORE.match(text[each.end : one.start])
    ]
    for near in (behind[:1], before[-1:]):
        if near:
            return near[0].metric.name
    different = {each.metric.name for each in mentions}
    return _OPEN if len(different) > 1 else different.pop() if different else None


_Owner = tuple[Name | None, Name | None]


def _owners(text: str, values: Sequence[Quantity], named: Sequence[Name]) -> dict[Quantity, _Owner]:
    """Return the model and the dataset of each score of a clause; a score whose owner is open is left out."""
    models = [one for one in named if one.role == "model"]
    datasets = [one for one in named if one.role == "dataset"]
    found: dict[Quantity, _Owner] = {}
    for one in values:
        owner = next(
            (
                each
                for each in named
                if each.role != "dataset" and _IN_BRACKET.match(text[each.end : one.start])
            ),
            None,
        )
        if owner is not None and _stands_alone(values, owner, text):
            found[one] = (owner, datasets[0] if len(datasets) == 1 else None)
    if found:
        return found if len(datasets) < 2 else {}
    if len(values) > 1 and _is_list(text, values):
        return _zipped(values, models, datasets)
    if len(models) > 1:
        return {}
    model = models[0] if models else None
    if len(values) == 2 and _FROM_TO.match(text[values[0].end : values[1].start]) and len(datasets) < 2:
        return dict.fromkeys(values, (model, datasets[0] if datasets else None))
    if len(values) == 1 and len(datasets) < 2:
        return {values[0]: (model, datasets[0] if datasets else None)}
    return dict(_each_on_its_own(text, values, model, datasets))


def _stands_alone(values: Sequence[Quantity], owner: Name, text: str) -> bool:
    """Whether one number alone stands in the bracket behind a name."""
    end = text.find(")", owner.end)
    return end < 0 or sum(1 for one in values if owner.end <= one.start < end) <= 1


def _is_list(text: str, values: Sequence[Quantity]) -> bool:
    between = [text[one.end : other.start] for one, other in pairwise(values)]
    return all(_LIST.match(words) and " to " not in words for words in between)


def _zipped(
    values: Sequence[Quantity], models: Sequence[Name], datasets: Sequence[Name]
) -> dict[Quantity, _Owner]:
    """Return the owners where as many models, or datasets, are listed as scores."""
    if len(models) == len(values) and len(datasets) < 2:
        dataset = datasets[0] if datasets else None
        return {one: (model, dataset) for one, model in zip(values, models, strict=True)}
    if len(datasets) == len(values) and len(models) < 2:
        model = models[0] if models else None
        return {one: (model, dataset) for one, dataset in zip(values, datasets, strict=True)}
    return {}


def _each_on_its_own(
    text: str, values: Sequence[Quantity], model: Name | None, datasets: Sequence[Name]
) -> Iterator[tuple[Quantity, _Owner]]:
    """Yield the scores that each have their dataset directly behind: "62.0% on GQA and 58.2% on TextVQA"."""
    starts = [one.start for one in values[1:]]
    for one, limit in zip(values, [*starts, len(text)], strict=False):
        behind = [each for each in datasets if one.end <= each.start < limit]
        if len(behind) == 1 and re.search(r"\bon\s(?:the\s)?$", text[one.end : behind[0].start]):
            yield one, (model, behind[0])
        elif len(datasets) <= 1:
            yield one, (model, datasets[0] if datasets else None)


def _only_dataset(named: Sequence[Name]) -> Name | None:
    datasets = [one for one in named if one.role == "dataset"]
    return datasets[0] if len(datasets) == 1 else None


def _row(
    clause: str, one: Quantity, model: Name | None, dataset: Name | None, measure: str | None, claim_id: str
) -> Score:
    return Score(
        model=model.bare or model.text if model else None,
        version=model.version if model else None,
        size=model.size if model else None,
        dataset=dataset.text if dataset else None,
        split=conditions.split(clause),
        metric=measure,
        shots=conditions.shots(clause),
        tools=conditions.tools(clause),
        harness=conditions.harness(clause),
        precision=conditions.precision(clause),
        value=one.value,
        value_text=one.text,
        unit="%" if one.kind == "percent" else None,
        claim_id=claim_id,
    )

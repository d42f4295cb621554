"""N105: like compared with unlike."""

import re
from collections import defaultdict
from collections.abc import Sequence

from colophon.audits import audit
from colophon.audits._numbers import Said, said_with_numbers, shown
from colophon.fold import Record
from colophon.language.beginnings import Begun
from colophon.language.quantities import Quantity
from colophon.model import Examination, Flaw, Severity
from colophon.scores import KEYS, Score, conditions
from colophon.scores.comparing import Comparison, comparable
from colophon.scores.metrics import metrics
from colophon.scores.names import names
from colophon.scores.reading import scores

_NOUN = (
    r"(?:contradictions?|disagreements?|discrepanc(?:y|ies)|inconsistenc(?:y|ies)|conflicts?|mismatch(?:es)?)"
)
_REPORTS = (
    r"(?:papers|sources|reports|results|scores|values|numbers|figures|studies|claims|evaluations|works|publications"
    r"|measurements|findings|accuracies|one\sanother|each\sother)"
)
_CLASH = (
    r"(?:contradict\w*|disagree\w*|conflict(?:s|ing|ed)?|(?:are|is|remain|look)\s"
    r"(?:inconsistent|contradictory|incompatible|irreconcilable|contested|disputed)|at\sodds|clash\w*)"
)
# A spread that is called one, and reports that are said to clash.
_CALLED = Begun(
    rf"\bpoints?,?\s(?:an?\s)?(?:[a-z-]+\s){{0,2}}?{_NOUN}\b|[0-9]%\s(?:[a-z-]+\s){{0,2}}?{_NOUN}\b"
    rf"|\b{_NOUN}\s(?:[a-z-]+\s){{0,4}}?(?:of|by|between)\s[^.;]{{0,60}}[0-9]"
    rf"|\b{_REPORTS}\b[^.;]{{0,80}}?\b{_CLASH}\b|\b{_CLASH}\s(?:[a-z-]+\s){{0,3}}?{_REPORTS}\b"
    rf"|\b(?:contradictory|conflicting|inconsistent|contested|disputed|irreconcilable)"
    rf"\s(?:[a-z-]+\s){{0,2}}?{_REPORTS}\b"
    rf"|[0-9]%?\)?,?\s(?:[a-z-]+\s){{0,3}}?(?:contradict|conflict|disagree)\w*\b[^.;]{{0,80}}[0-9]",
    "cont conf disa disc disp inco irre mism clas odds",
)
# Who says why, or that there is none, does not take unlike for like.
_EXPLAINED = re.compile(
    r"\b(?:no|not|without|never|neither|nor|cannot|none|apparent|seeming(?:ly)?|explain\w*|because|due\sto|since|owing"
    r"|in?comparable|arte?fact|resolve[sd]?|reconcil\w*|seeds?|deviation|variance|may|might|if|could|would|n't)\b|n't\b",
    re.IGNORECASE,
)
# Contradiction and conflict as what a benchmark measures.
_MEASURED = re.compile(
    rf"\b{_NOUN}\s(?:class|label|rate|detection|resolution"
    r"|score|benchmark|dataset|set|error|task|category|pairs?)s?\b"
    r"|\bNLI\b|\bentail\w*"
    r"|\b(?:knowledge|memory|merge|factual|self|logical|resource|cache|bank)[-\s](?:conflict|contradict|inconsisten)\w*",
    re.IGNORECASE,
)
_MOST_CLAIMS = 4_000
_LONGEST_CLAIM = 10_000
_CONDITIONS = {
    "split": conditions.split,
    "shots": conditions.shots,
    "tools": conditions.tools,
    "harness": conditions.harness,
    "precision": conditions.precision,
}


@audit("N105", severity=Severity.WARNING)
def benchmark_spread(record: Record) -> Examination:
    """What: Two scores of one model on one benchmark disagree only when they were had in one setting: model,
    version, size, data set, split, measure, shots, tools, harness and number format must all be known and
    equal. Scores for which that holds and whose values differ are flagged as contested. A sentence that calls
    a spread a contradiction, a conflict or a disagreement although one of these is open or differs is flagged
    too, with what is missing. A spread of scores in settings that are not known is no finding.

    Why: With tools or without, with five examples or none, a model scores far apart, and nobody is wrong.
    Whoever calls that a contradiction sends readers to look for an error that is not there.

    Example: A claim speaks of "a 39.9-point contradiction" between two scores of one model. One was had with
    tools and the other with a plain prompt.

    Mend: Nothing in the record is edited. The publisher can issue a corrected report that names the settings.
    If the report names them and they were not read here, file a correction with the reason `transcription`.
    It is shown beside the record, and the finding stays.
    """
    rows = _rows(record)
    recognised, checked, flaws = _contested(record, rows)
    for said in said_with_numbers(record.manifest):
        if not _calls_a_clash(said):
            continue
        recognised += 1
        checked += 1
        found = _compared(said, rows)
        if not found.is_comparable:
            flaws.append(
                Flaw(said.pointer, f"{shown(said.text)} takes a spread for a contradiction: {found}")
            )
    return Examination(recognised, checked, tuple(flaws))


def _rows(record: Record) -> list[Score]:
    """Return the scores of the claims, of a great many claims those that come first."""
    claims = [claim for claim in record.manifest.claims or () if len(claim.text) <= _LONGEST_CLAIM]
    return [row for claim in claims[:_MOST_CLAIMS] for row in scores(claim.text, claim.id)]


def _contested(record: Record, rows: Sequence[Score]) -> tuple[int, int, list[Flaw]]:
    """Return how many benchmarks have several scores, how many with every key known, and the contested."""
    groups: dict[tuple[str | None, ...], list[Score]] = defaultdict(list)
    for row in rows:
        if row.model and row.dataset and row.metric:
            groups[row.model, row.dataset, row.metric].append(row)
    recognised = checked = 0
    flaws = []
    places = {claim.id: position for position, claim in enumerate(record.manifest.claims or ())}
    for group in groups.values():
        if len({row.claim_id for row in group}) < 2:
            continue
        recognised += 1
        alike: dict[tuple[str | None, ...], list[Score]] = defaultdict(list)
        for row in group:
            alike[tuple(getattr(row, key) for key in KEYS)].append(row)
        known = [same for keys, same in alike.items() if None not in keys and len(same) > 1]
        checked += bool(known)
        for same in known:
            found = comparable(same)
            if found.is_contested:
                pointer = f"/claims/{places[same[-1].claim_id]}/text"
                values = " and ".join(dict.fromkeys(row.value_text for row in same))
                flaws.append(Flaw(pointer, f"{same[0].model} on {same[0].dataset} has {values}: {found}"))
                break
    return recognised, checked, flaws


def _calls_a_clash(said: Said) -> bool:
    """Whether a sentence calls the distance of two scores a contradiction."""
    if not _CALLED.search(said.text) or _EXPLAINED.search(said.text) or _MEASURED.search(said.text):
        return False
    spreads = [one for one in said.numbers if one.kind == "points"]
    values = [
        one for one in said.numbers if one.kind == "percent" or (one.kind == "plain" and "." in one.text)
    ]
    return bool(spreads) or len(values) > 1


def _compared(said: Said, rows: Sequence[Score]) -> Comparison:
    """Return how comparable the scores are that a sentence sets against each other.

    They are those of the sentence, or two of the record that lie as far apart as it says; else only what the
    sentence itself says of its setting is known.
    """
    own = scores(said.text, said.pointer)
    if len(own) > 1:
        return comparable(own)
    apart = [pair for one in said.numbers if one.kind == "points" for pair in _apart(rows, one)]
    return comparable(apart[0] if apart else own or (_setting(said),))


def _apart(rows: Sequence[Score], spread: Quantity) -> list[list[Score]]:
    """Return the first two scores of one model and data set with a stated distance."""
    seen: dict[tuple[object, ...], Score] = {}
    for row in rows:
        for distance in (spread.value, -spread.value):
            other = seen.get((row.model, row.dataset, row.metric, row.value + distance))
            if other is not None:
                return [[other, row]]
        seen[row.model, row.dataset, row.metric, row.value] = row
    return []


def _setting(said: Said) -> Score:
    """Return what a sentence says of its setting, as a row; its value means nothing."""
    mentions = metrics(said.text)
    named = names(said.text)
    model = next((one for one in named if one.role != "dataset"), None)
    dataset = next((one for one in named if one.role == "dataset"), None)
    return Score(
        model=model.bare if model else None,
        version=model.version if model else None,
        size=model.size if model else None,
        dataset=dataset.text if dataset else None,
        metric=mentions[0].metric.name if mentions else None,
        **{key: read(said.text) for key, read in _CONDITIONS.items()},
        value=said.numbers[0].value,
        value_text=said.numbers[0].text,
        unit=None,
        claim_id=said.pointer,
    )

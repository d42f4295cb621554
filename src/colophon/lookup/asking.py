"""One question about a paper to all four services, and one answer made of theirs."""

from collections.abc import Iterable
from dataclasses import replace

from colophon.errors import EnvironmentFault
from colophon.lookup import arxiv, crossref, identifiers, openalex, semantic_scholar
from colophon.lookup.found import Asked, Found, Outcome, Said, Status
from colophon.lookup.identifiers import Wanted
from colophon.lookup.inquiry import Inquiry
from colophon.lookup.settings import Settings

# Of two services that say otherwise the graver word counts.
_GRAVEST_FIRST = (Status.RETRACTED, Status.WITHDRAWN, Status.SUPERSEDED)


def look_up(identifier: str, kind: str | None, settings: Settings) -> Found:
    """Ask the services for a paper.  With ``kind`` None, arXiv identifiers and DOIs are told apart.

    Raises UsageError for an identifier that is neither, and EnvironmentFault when not one service could be
    reached and no answer was kept.
    """
    wanted = identifiers.read(identifier, kind)
    with Inquiry(settings) as inquiry:
        preprint = arxiv.ask(wanted, inquiry)
        published = _published(wanted, preprint, inquiry)
        answers = [preprint, published, openalex.ask(wanted, inquiry), semantic_scholar.ask(wanted, inquiry)]
    _need_a_network(inquiry.asked)
    return _found(wanted, [one for one in answers if one is not None], inquiry)


def _published(wanted: Wanted, preprint: Said | None, inquiry: Inquiry) -> Said | None:
    """Ask Crossref, which knows no DOIs of arXiv, about the DOI; of a preprint, about its published form.

    Of that form only its fall matters here: its title, text and versions are others than the preprint's.
    """
    if wanted.arxiv is None:
        return crossref.ask(wanted.doi, inquiry)
    if preprint is None or preprint.doi is None or preprint.doi == wanted.doi:
        return None
    said = crossref.ask(preprint.doi, inquiry)
    if said is None:
        return None
    fallen = said.status in {Status.RETRACTED, Status.WITHDRAWN}
    status = said.status if fallen else Status.UNKNOWN
    reason = f"the form published as {preprint.doi}: {said.reason}"
    return Said(crossref.NAME, status, reason, notes=() if fallen else (reason,))


def _need_a_network(asked: Iterable[Asked]) -> None:
    failed = {one.service: one.reason for one in asked if one.outcome is Outcome.UNREACHABLE}
    if any(one.outcome is not Outcome.UNREACHABLE for one in asked):
        return
    reasons = "; ".join(f"{service}: {reason}" for service, reason in failed.items())
    raise EnvironmentFault(
        f"no service can be reached ({reasons})",
        "check the connection to the internet; HTTPS_PROXY and the like are not used",
    )


def _found(wanted: Wanted, answers: list[Said], inquiry: Inquiry) -> Found:
    status, reason = _standing(wanted, answers, inquiry)
    own = next((one for one in answers if one.service == arxiv.NAME), None)
    describing = _describing(wanted, answers)
    first = next((one for one in describing if one.title), None)
    abstract = next((one for one in describing if one.abstract), None)
    return Found(
        identifier=wanted.identifier,
        kind=wanted.kind,
        title=first.title if first else None,
        authors=next((one.authors for one in describing if one.authors), ()),
        abstract=abstract.abstract if abstract else None,
        published=next((one.published for one in describing if one.published), None),
        updated=next((one.updated for one in describing if one.updated), None),
        version=own.version if own else None,
        license=next((one.license for one in describing if one.license), None),
        status=status,
        status_reason=reason,
        asked=tuple(inquiry.asked),
        newest_version=own.newest_version if own else None,
        abstract_by=abstract.service if abstract else None,
    )


def _describing(wanted: Wanted, answers: list[Said]) -> list[Said]:
    """Return what the answers may tell of the paper, best first.

    When a version was asked for, text and licence come from arXiv or not at all: the others do not say
    which version theirs is.
    """
    if wanted.version is None:
        return answers
    return [
        one if one.service == arxiv.NAME else replace(one, abstract=None, updated=None, license=None)
        for one in answers
    ]


def _standing(wanted: Wanted, answers: list[Said], inquiry: Inquiry) -> tuple[Status, str]:
    """Return the status and who says so; whoever says otherwise, and what else is known, comes after it."""
    notes = [note for one in answers for note in one.notes]
    for status in _GRAVEST_FIRST:
        saying = [one.reason for one in answers if one.status is status]
        if saying:
            others = [one.reason for one in answers if one.status not in {status, Status.UNKNOWN}]
            return status, "; ".join([*saying, *others, *notes])
    deciding = arxiv.NAME if wanted.arxiv else crossref.NAME
    sound = [one.reason for one in answers if one.status is Status.CURRENT]
    doubts = _doubts(deciding, answers, inquiry)
    if doubts or not sound:
        return Status.UNKNOWN, "; ".join([*doubts, *sound, *notes]) or "no service knows the paper"
    return Status.CURRENT, "; ".join([*sound, *notes])


def _doubts(deciding: str, answers: list[Said], inquiry: Inquiry) -> list[str]:
    """Return why the service that would know has not settled the status.

    A DOI that Crossref does not know was given by another agency; then OpenAlex settles it.
    """
    said = next((one for one in answers if one.service == deciding), None)
    outcomes = inquiry.outcomes(deciding)
    if said is not None and said.status is Status.CURRENT:
        return []
    if (
        said is None
        and deciding == crossref.NAME
        and all(one.outcome is Outcome.NOT_FOUND for one in outcomes)
    ):
        return []
    failed = [one for one in outcomes if one.outcome is not Outcome.ANSWERED]
    reasons = [f"{one.service}: {one.reason or one.outcome}" for one in failed]
    return list(dict.fromkeys([*([said.reason] if said else []), *reasons]))

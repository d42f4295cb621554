"""What the answers of the services make of a paper."""

import json
from dataclasses import replace

import pytest

from colophon.errors import UsageError
from colophon.lookup.asking import look_up
from colophon.lookup.found import Outcome, Status
from colophon.lookup.settings import Settings

from .conftest import Reply, Services, recorded

DOI = "10.5555/meadow.2024.17"
PREPRINT = "2601.90001"


def know_the_preprint(services: Services, version: str = "v2", record: str = "arxiv/record.xml") -> None:
    """Let every service know the preprint."""
    services.answer("arxiv", f"arxiv/entry-{version}.xml")
    services.answer("oai", record)
    services.answer("openalex", "openalex/preprint.json")
    services.answer("semantic-scholar", "semantic-scholar/preprint.json")


def know_the_article(services: Services, crossref: str = "crossref/work.json") -> None:
    """Let every service but arXiv know the article."""
    services.answer("crossref", crossref)
    services.answer("openalex", "openalex/work.json")
    services.answer("semantic-scholar", "semantic-scholar/paper.json")


def changed(name: str, *pairs: tuple[str, str]) -> bytes:
    """Return a recorded answer with words replaced, each of which it must have."""
    text = recorded(name).decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def with_notices(*notices: dict[str, object]) -> bytes:
    """Return Crossref's answer with notices about the work."""
    work = json.loads(recorded("crossref/work.json"))
    work["message"]["updated-by"] = notices
    return json.dumps(work).encode()


def notice(kind: str, year: int | None = None) -> dict[str, object]:
    """Return one notice as Crossref has it."""
    when = {"updated": {"date-parts": [[year, 1, 1]]}} if year else {}
    return {"DOI": "10.5555/notice", "type": kind, "label": kind.title(), "source": "publisher", **when}


def test_the_newest_version_of_a_preprint(services: Services, settings: Settings) -> None:
    """Without a version, the newest is described; every question is on the list, without the contact."""
    know_the_preprint(services)
    found = look_up(PREPRINT, "arxiv", settings)
    assert (found.status, found.version, found.newest_version) == (Status.CURRENT, "v2", "v2")
    assert found.title == "Foxglove: An Imaginary Encoder for Meadow Retrieval"
    assert found.authors == ("Ada Meadow", "Björn Thistle")
    assert found.abstract == (
        "We present Foxglove, an encoder that does not exist. "
        "On MeadowQA it reaches a recall of 44.1%, if $p < 0.05$ is believed."
    )
    assert (found.published, found.updated, found.abstract_by) == ("2026-01-14", "2026-05-02", "arxiv")
    assert found.license == "http://creativecommons.org/licenses/by/4.0/"
    assert found.status_reason == (
        "arxiv: v2 of 2026-05-02 is the newest version and is not withdrawn; openalex lists no retraction"
    )
    assert [(one.service, one.outcome, one.date) for one in found.asked] == [
        (name, Outcome.ANSWERED, "2026-11-26") for name in ("arxiv", "arxiv", "openalex", "semantic-scholar")
    ]
    assert services.paths("arxiv") == ["/arxiv?id_list=2601.90001"]
    assert services.paths("oai") == [
        "/oai?verb=GetRecord&identifier=oai:arXiv.org:2601.90001&metadataPrefix=arXivRaw"
    ]
    assert services.paths("openalex")[0].startswith(
        "/openalex/works/doi:10.48550/arxiv.2601.90001?select=id,"
    )
    assert services.paths("semantic-scholar")[0].startswith(
        "/semantic-scholar/paper/ARXIV:2601.90001?fields="
    )
    assert "example.org" not in repr(found)
    assert {headers["User-Agent"].partition(" ")[2] for *_, headers in services.asked} == {
        "(mailto:reader@example.org)"
    }


def test_a_newer_version_supersedes(services: Services, settings: Settings) -> None:
    """The text is that of the version asked for; the licence, which is the newest version's, is not given."""
    know_the_preprint(services, "v1")
    found = look_up("arXiv:2601.90001v1", "arxiv", settings)
    assert (found.status, found.version, found.newest_version) == (Status.SUPERSEDED, "v1", "v2")
    assert found.status_reason.startswith("arxiv: v2 of 2026-05-02 is newer than v1; openalex lists")
    assert "45.5%" in (found.abstract or "")
    assert found.license is None
    assert services.paths("arxiv") == ["/arxiv?id_list=2601.90001v1"]


@pytest.mark.parametrize(("identifier", "version"), [(PREPRINT, "v2"), (f"{PREPRINT}v1", "v1")])
def test_a_withdrawn_preprint(services: Services, settings: Settings, identifier: str, version: str) -> None:
    """The version without files withdraws the paper, every version of it, whatever its comment says."""
    know_the_preprint(services, version, "arxiv/record-withdrawn.xml")
    found = look_up(identifier, "arxiv", settings)
    assert found.status is Status.WITHDRAWN
    assert found.status_reason.startswith(
        'arxiv: withdrawn with v2 of 2026-05-02: "Table 2 rests on a meadow that was never measured"'
    )


@pytest.mark.parametrize(
    ("comment", "status"),
    [
        ("This paper has been withdrawn by the authors due to a crucial error", Status.WITHDRAWN),
        ("This article has been withdrawn by arXiv administrators due to a dispute", Status.WITHDRAWN),
        ("Withdrawn by the author", Status.WITHDRAWN),
        ("withdrawn", Status.WITHDRAWN),
        ("The manuscript was withdrawn from arXiv", Status.WITHDRAWN),
        ("Supersedes arXiv:2510.90642, which has been withdrawn", Status.CURRENT),
        ("The paper has been withdrawn from the workshop and is under review", Status.CURRENT),
        ("Withdrawn samples are listed in Table 3", Status.CURRENT),
        ("12 pages", Status.CURRENT),
    ],
)
def test_what_a_comment_says(services: Services, settings: Settings, comment: str, status: Status) -> None:
    """Older withdrawals are told by their comment alone, which has to be about the paper itself."""
    know_the_preprint(services)
    services.answer("oai", changed("arxiv/record.xml", ("12 pages, 3 figures", comment)))
    assert look_up(PREPRINT, "arxiv", settings).status is status


def test_an_abstract_that_withdraws(services: Services, settings: Settings) -> None:
    """Before arXiv had comments for it, the abstract gave way to the notice."""
    know_the_preprint(services)
    words = ("We present Foxglove", "This paper has been withdrawn by the author. We present Foxglove")
    services.answer("arxiv", changed("arxiv/entry-v2.xml", words))
    services.answer("oai", Reply(status=500))
    found = look_up(PREPRINT, "arxiv", settings)
    assert found.status is Status.WITHDRAWN
    assert found.status_reason.startswith('arxiv: v2 is withdrawn: "This paper has been withdrawn')


def test_a_version_that_arxiv_does_not_know(services: Services, settings: Settings) -> None:
    """It is unknown, and no other version's text is given for it."""
    know_the_preprint(services)
    services.answer("arxiv", "arxiv/none.xml")
    found = look_up(f"{PREPRINT}v9", "arxiv", settings)
    assert (found.status, found.abstract, found.version) == (Status.UNKNOWN, None, None)
    assert found.status_reason.startswith(
        "arxiv knows no v9, its newest is v2 of 2026-05-02; arxiv: not found"
    )


def test_without_the_list_of_versions_the_status_is_unknown(services: Services, settings: Settings) -> None:
    """The text alone does not tell whether a newer version exists or withdraws it."""
    know_the_preprint(services)
    services.answer("oai", Reply(status=503))
    found = look_up(PREPRINT, "arxiv", settings)
    assert (found.status, found.version) == (Status.UNKNOWN, "v2")
    assert "arxiv gave the text, but not the list of versions; arxiv: HTTP 503" in found.status_reason


def test_without_the_text_other_services_describe(services: Services, settings: Settings) -> None:
    """Then the abstract is theirs, but only when no version was asked for."""
    know_the_preprint(services)
    services.answer("arxiv", Reply(status=403))
    found = look_up(PREPRINT, "arxiv", settings)
    assert (found.status, found.abstract_by, found.version) == (Status.CURRENT, "semantic-scholar", None)
    found = look_up(f"{PREPRINT}v2", "arxiv", settings)
    assert (found.status, found.abstract, found.title) == (
        Status.CURRENT,
        None,
        "Foxglove: An Imaginary Encoder for Meadow Retrieval",
    )


@pytest.mark.parametrize(
    ("identifier", "version", "given"),
    [(PREPRINT, "v1", "v1"), (PREPRINT, "v2", "v3"), (f"{PREPRINT}v3", "v2", "v3")],
)
def test_the_two_answers_of_arxiv_disagree(
    services: Services, settings: Settings, identifier: str, version: str, given: str
) -> None:
    """A version that appeared between two questions, or is not in the records yet, settles nothing."""
    know_the_preprint(services)
    entry = changed(f"arxiv/entry-{version}.xml", (f"{PREPRINT}{version}", f"{PREPRINT}{given}"))
    services.answer("arxiv", entry)
    found = look_up(identifier, "arxiv", settings)
    assert (found.status, found.version) == (Status.UNKNOWN, given)
    assert f"arxiv gave {given} in one answer and v2 as the newest" in found.status_reason


def test_an_article(services: Services, settings: Settings) -> None:
    """Markup is taken out; the licence is that of the published text."""
    know_the_article(services)
    found = look_up(DOI, "doi", settings)
    assert (found.status, found.kind, found.published) == (Status.CURRENT, "doi", "2024-03-05")
    assert found.title == "Recall in imaginary meadows"
    assert found.authors == ("Ada Meadow", "The Sedge Consortium")
    assert found.abstract == "We count meadows and find no meadows (p<0.05)."
    assert found.license == "https://creativecommons.org/licenses/by/4.0/"
    assert (found.version, found.newest_version, found.updated) == (None, None, None)
    assert found.status_reason == (
        "crossref lists no retraction, withdrawal or newer version; openalex lists no retraction"
    )
    assert services.paths("arxiv") == services.paths("oai") == []


@pytest.mark.parametrize(
    "spelling", [f"doi:{DOI}", f"https://doi.org/{DOI}", DOI.upper(), f" {DOI} ", f"http://dx.doi.org/{DOI}"]
)
def test_spellings_of_a_doi(services: Services, settings: Settings, spelling: str) -> None:
    """One paper, one address; the identifier comes back as it was given."""
    know_the_article(services)
    found = look_up(spelling, None, settings)
    assert (found.status, found.identifier) == (Status.CURRENT, spelling.strip())
    assert services.paths("crossref") == [f"/crossref/works/{DOI}"]


def test_a_doi_of_arxiv(services: Services, settings: Settings) -> None:
    """It is looked up where it was given, and Crossref is left in peace."""
    know_the_preprint(services)
    found = look_up("10.48550/arXiv.2601.90001", "doi", settings)
    assert (found.status, found.kind, found.version) == (Status.CURRENT, "doi", "v2")
    assert services.paths("crossref") == []


def test_an_old_number_goes_without_its_class(services: Services, settings: Settings) -> None:
    """arXiv knows math.GT/0309136 as math/0309136."""
    numbers = (PREPRINT, "math/0309136")
    services.answer("arxiv", changed("arxiv/entry-v1.xml", numbers))
    services.answer("oai", changed("arxiv/record.xml", numbers))
    found = look_up("math.GT/0309136v1", "arxiv", settings)
    assert (found.status, found.version) == (Status.SUPERSEDED, "v1")
    assert services.paths("oai")[0].endswith("oai:arXiv.org:math/0309136&metadataPrefix=arXivRaw")


def test_retracted_at_crossref_and_not_at_openalex(services: Services, settings: Settings) -> None:
    """The retraction counts, and the reason says who has it and who has not."""
    know_the_article(services, "crossref/retracted.json")
    found = look_up(DOI, "doi", settings)
    assert (found.status, found.title) == (Status.RETRACTED, "Recall in imaginary meadows")
    assert found.status_reason == (
        "crossref: retraction 10.5555/meadow.2025.9 of 2025-09-12 (according to retraction-watch); "
        "openalex lists no retraction; "
        "crossref: correction 10.5555/meadow.2025.3 of 2025-02-01 (according to publisher)"
    )


def test_retracted_at_openalex_and_not_at_crossref(services: Services, settings: Settings) -> None:
    """The other way round too."""
    know_the_article(services)
    services.answer(
        "openalex", changed("openalex/work.json", ('"is_retracted": false', '"is_retracted": true'))
    )
    found = look_up(DOI, "doi", settings)
    assert found.status is Status.RETRACTED
    assert found.status_reason == (
        "openalex marks it as retracted; crossref lists no retraction, withdrawal or newer version"
    )


def test_a_retraction_counts_when_another_service_fails(services: Services, settings: Settings) -> None:
    """Who would know need not answer when somebody else does know."""
    services.answer(
        "openalex", changed("openalex/work.json", ('"is_retracted": false', '"is_retracted": true'))
    )
    services.answer("crossref", Reply(status=500))
    assert look_up(DOI, "doi", settings).status is Status.RETRACTED


def test_the_published_form_of_a_preprint_is_retracted(services: Services, settings: Settings) -> None:
    """arXiv names its DOI; what Crossref says of it reaches the preprint."""
    know_the_preprint(services)
    comment = "<arxiv:comment>"
    services.answer(
        "arxiv", changed("arxiv/entry-v2.xml", (comment, f"<arxiv:doi>{DOI}</arxiv:doi>{comment}"))
    )
    services.answer("crossref", "crossref/work.json")
    found = look_up(PREPRINT, "arxiv", settings)
    assert found.status is Status.CURRENT
    assert found.status_reason.endswith(
        f"the form published as {DOI}: crossref lists no retraction, withdrawal or newer version"
    )
    services.answer("crossref", "crossref/retracted.json")
    found = look_up(PREPRINT, "arxiv", settings)
    assert found.status is Status.RETRACTED
    assert found.status_reason.startswith(f"the form published as {DOI}: crossref: retraction 10.5555")
    assert found.title == "Foxglove: An Imaginary Encoder for Meadow Retrieval"


@pytest.mark.parametrize(
    ("notices", "status", "words"),
    [
        ([notice("withdrawal", 2025)], Status.WITHDRAWN, "crossref: withdrawal 10.5555/notice of 2025-01-01"),
        ([notice("removal")], Status.WITHDRAWN, "crossref: removal 10.5555/notice"),
        ([notice("new_version", 2025)], Status.SUPERSEDED, "crossref: new version"),
        ([notice("New-Edition", 2025)], Status.SUPERSEDED, "crossref: new edition"),
        ([notice("correction"), notice("expression_of_concern")], Status.CURRENT, "expression of concern"),
        ([notice("partial_retraction", 2025)], Status.CURRENT, "crossref: partial retraction"),
        ([notice("retraction", 2020), notice("reinstatement", 2021)], Status.CURRENT, "reinstatement"),
        ([notice("retraction", 2022), notice("reinstatement", 2021)], Status.RETRACTED, "retraction"),
        ([notice("retraction", 2021), notice("reinstatement", 2021)], Status.RETRACTED, "retraction"),
        ([notice("retraction"), notice("reinstatement", 2021)], Status.RETRACTED, "retraction"),
        ([notice("withdrawal", 2020), notice("retraction", 2019)], Status.RETRACTED, "retraction"),
    ],
)
def test_notices(
    services: Services, settings: Settings, notices: list[dict[str, object]], status: Status, words: str
) -> None:
    """What a notice does depends on its kind, and for a reinstatement on what came before it."""
    know_the_article(services)
    services.answer("crossref", with_notices(*notices))
    found = look_up(DOI, "doi", settings)
    assert found.status is status
    assert words in found.status_reason


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("RETRACTED: Recall", Status.RETRACTED),
        ("RETRACTED ARTICLE: Recall", Status.RETRACTED),
        ("[Retracted] Recall", Status.RETRACTED),
        ("WITHDRAWN: Recall", Status.WITHDRAWN),
        ("Retracted papers and how they are cited", Status.CURRENT),
        ("Retraction: Recall", Status.CURRENT),
    ],
)
def test_a_mark_in_the_title(services: Services, settings: Settings, title: str, status: Status) -> None:
    """Publishers put the word before the title, not always with a notice."""
    know_the_article(services)
    services.answer("crossref", changed("crossref/work.json", ("Recall in <i>imaginary</i> meadows", title)))
    found = look_up(DOI, "doi", settings)
    assert found.status is status
    assert found.title == (title if status is Status.CURRENT else "Recall")


def test_a_published_preprint_is_noted(services: Services, settings: Settings) -> None:
    """For a preprint with a DOI of Crossref's the published form stands beside the status."""
    know_the_article(services)
    relation = (
        '"relation": {"is-preprint-of": [{"id-type": "doi", "id": "10.5555/x", "asserted-by": "subject"}]}'
    )
    services.answer("crossref", changed("crossref/work.json", ('"relation": {}', relation)))
    found = look_up(DOI, "doi", settings)
    assert found.status is Status.CURRENT
    assert found.status_reason.endswith("; crossref: published as 10.5555/x")


def test_a_doi_of_another_agency(services: Services, settings: Settings) -> None:
    """Crossref does not know it, so OpenAlex settles it; its abstract is put in order."""
    know_the_article(services)
    services.answer("crossref", Reply(recorded("crossref/none.txt"), 404))
    found = look_up(DOI, "doi", settings)
    assert (found.status, found.abstract_by, found.license) == (Status.CURRENT, "openalex", "cc-by")
    assert found.abstract == "We count meadows and find no meadows"
    assert found.asked[0].outcome is Outcome.NOT_FOUND


def test_semantic_scholar_alone_settles_nothing(services: Services, settings: Settings) -> None:
    """It describes the paper, and the status stays unknown."""
    services.answer("semantic-scholar", "semantic-scholar/paper.json")
    found = look_up(DOI, "doi", settings)
    assert (found.status, found.title) == (Status.UNKNOWN, "Recall in imaginary meadows")


@pytest.mark.parametrize("identifier", [DOI, PREPRINT])
def test_nobody_knows_the_paper(services: Services, settings: Settings, identifier: str) -> None:
    """That is a value too: everything is missing and the status is unknown."""
    found = look_up(identifier, None, settings)
    assert (found.status, found.title, found.authors, found.abstract) == (Status.UNKNOWN, None, (), None)
    assert {one.outcome for one in found.asked} == {Outcome.NOT_FOUND}


def test_a_hole_in_the_authors(services: Services, settings: Settings) -> None:
    """A list with a hole is no list of the authors; another service's whole one is taken."""
    know_the_article(services)
    services.answer("crossref", changed("crossref/work.json", ('"given": "Ada", "family": "Meadow", ', "")))
    assert look_up(DOI, "doi", settings).authors == ("Ada Meadow", "Carla Sedge")


def test_an_abstract_with_gaps(services: Services, settings: Settings) -> None:
    """It is left out."""
    services.answer("openalex", changed("openalex/work.json", ('"count": [1]', '"count": [9]')))
    found = look_up(DOI, "doi", settings)
    assert (found.abstract, found.title) == (None, "Recall in imaginary meadows")


@pytest.mark.parametrize(
    ("identifier", "kind", "words"),
    [
        ("https://example.org/paper", "url", "of the kind url"),
        ("Meadow 2024", "other", "of the kind other"),
        ("Meadow 2024", None, "is no arXiv identifier and no DOI"),
        ("10.5555/meadow", "arxiv", "is no arXiv identifier"),
        (PREPRINT, "doi", "is no DOI"),
        ("10.5555/../../members", "doi", "is no DOI"),
        ("10.5555/a\nHost: elsewhere", "doi", "is no DOI"),
        (f"10.5555/{'a' * 600}", "doi", "is no DOI"),
        ("2601.90001v0", "arxiv", "is no arXiv identifier"),
        ("", None, "is no arXiv identifier"),
    ],
)
def test_what_cannot_be_looked_up(
    services: Services, settings: Settings, identifier: str, kind: str | None, words: str
) -> None:
    """It is said before anybody is asked."""
    with pytest.raises(UsageError, match=words):
        look_up(identifier, kind, settings)
    assert services.asked == []


def test_keys_go_along_and_stay_secret(services: Services, settings: Settings) -> None:
    """A key is sent to its service alone, and is in nothing that comes back."""
    know_the_article(services)
    keyed = replace(settings, openalex_key="alex-secret", semantic_scholar_key="scholar-secret")
    found = look_up(DOI, "doi", keyed)
    assert services.paths("openalex")[0].endswith("&api_key=alex-secret")
    sent = {name: headers.get("x-api-key") for name, _, headers in services.asked}
    assert sent == {"crossref": None, "openalex": None, "semantic-scholar": "scholar-secret"}
    assert "secret" not in repr(found) + repr(keyed)

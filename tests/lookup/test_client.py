"""How the services are asked: pace, patience, limits, the cache, and what comes of hostile answers."""

import gzip
import json
import socket
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from colophon.errors import EnvironmentFault, UsageError
from colophon.lookup.asking import look_up
from colophon.lookup.client import LARGEST_ANSWER
from colophon.lookup.found import Found, Outcome, Status
from colophon.lookup.settings import Addresses, Settings

from .conftest import SERVICES, Reply, Services, Time, recorded, slow
from .test_look_up import DOI, PREPRINT, know_the_article, know_the_preprint

DAY = 24 * 60 * 60


def crossref_of(found: Found) -> tuple[Outcome, str | None]:
    """Return what came of the last question to Crossref."""
    (asked,) = [one for one in found.asked if one.service == "crossref"]
    return asked.outcome, asked.reason


def test_too_many_requests(services: Services, settings: Settings, passing: Time) -> None:
    """Retry-After is obeyed."""
    know_the_article(services)
    busy = Reply(recorded("semantic-scholar/too-many.json"), 429, {"Retry-After": "17"})
    services.answer("semantic-scholar", busy, Reply(recorded("semantic-scholar/paper.json")))
    found = look_up(DOI, "doi", settings)
    assert found.asked[-1].outcome is Outcome.ANSWERED
    assert passing.slept == [17.0]


@pytest.mark.parametrize(
    "header", [{}, {"Retry-After": "soon"}, {"Retry-After": "9" * 5000}, {"Retry-After": "-4"}]
)
def test_too_many_requests_to_the_end(
    services: Services, settings: Settings, passing: Time, header: dict[str, str]
) -> None:
    """Three tries with growing pauses, whatever a hostile header says; then the reason is on the list."""
    know_the_article(services)
    services.answer("crossref", Reply(b"", 429, header))
    found = look_up(DOI, "doi", settings)
    assert crossref_of(found) == (Outcome.REFUSED, "HTTP 429")
    assert passing.slept == [2.0, 4.0]
    assert found.status is Status.UNKNOWN
    assert found.status_reason == "crossref: HTTP 429; openalex lists no retraction"
    assert found.title == "Recall in imaginary meadows"


def test_a_service_that_asks_for_hours(services: Services, settings: Settings, passing: Time) -> None:
    """It is left alone at once."""
    services.answer("crossref", Reply(b"", 503, {"Retry-After": "7200"}))
    found = look_up(DOI, "doi", settings)
    assert crossref_of(found) == (Outcome.FAILED, "HTTP 503, and asks to wait 7200 seconds")
    assert len(services.paths("crossref")) == 1
    assert passing.slept == []


def test_a_failure_that_passes(services: Services, settings: Settings, passing: Time) -> None:
    """500, then 200."""
    know_the_article(services)
    services.answer("crossref", Reply(b"oops", 500), Reply(recorded("crossref/work.json")))
    found = look_up(DOI, "doi", settings)
    assert (found.status, crossref_of(found)) == (Status.CURRENT, (Outcome.ANSWERED, None))
    assert passing.slept == [2.0]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(400, Outcome.REFUSED), (403, Outcome.REFUSED), (501, Outcome.FAILED), (206, Outcome.FAILED)],
)
def test_what_is_not_asked_twice(
    services: Services, settings: Settings, status: int, outcome: Outcome
) -> None:
    """An answer that will not change with time is taken as it is."""
    services.answer("crossref", Reply(b"", status))
    assert crossref_of(look_up(DOI, "doi", settings)) == (outcome, f"HTTP {status}")
    assert len(services.paths("crossref")) == 1


def test_no_answer_in_time(services: Services, settings: Settings) -> None:
    """One service that is asleep does not keep the others from answering."""
    know_the_article(services)
    services.answer("crossref", Reply(b"", before=slow(0.5)))
    found = look_up(DOI, "doi", replace(settings, read_timeout=0.1))
    assert crossref_of(found) == (Outcome.UNREACHABLE, "no answer in time")
    assert found.status is Status.UNKNOWN
    assert found.title == "Recall in imaginary meadows"


def test_an_answer_that_drips(services: Services, settings: Settings, passing: Time) -> None:
    """One that sends a byte now and then is not listened to for ever."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.01)
            passing.now += 10

    services.answer("crossref", Reply(raw=drip))
    outcome, reason = crossref_of(look_up(DOI, "doi", settings))
    assert (outcome, reason) == (Outcome.UNREACHABLE, "the answer took more than 60 seconds")


@pytest.mark.parametrize("end", ["length", "chunks"])
def test_an_answer_that_breaks_off(services: Services, settings: Settings, end: str) -> None:
    """Half an answer is asked for again, and then is none."""

    def half(handler: BaseHTTPRequestHandler) -> None:
        body = recorded("crossref/work.json")
        handler.send_response(200)
        if end == "length":
            handler.send_header("Content-Length", str(len(body) + 1))
            handler.end_headers()
        else:
            handler.send_header("Transfer-Encoding", "chunked")
            handler.end_headers()
            handler.wfile.write(b"%x\r\n" % (len(body) + 1))
        handler.wfile.write(body)

    services.answer("crossref", Reply(raw=half))
    assert crossref_of(look_up(DOI, "doi", settings)) == (Outcome.FAILED, "the answer broke off")
    assert len(services.paths("crossref")) == 3


def test_an_answer_in_chunks(services: Services, settings: Settings) -> None:
    """An answer without a length is read as it comes."""

    def chunks(handler: BaseHTTPRequestHandler) -> None:
        body = recorded("crossref/work.json")
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for start in range(0, len(body), 700):
            piece = body[start : start + 700]
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n")

    services.answer("crossref", Reply(raw=chunks))
    assert crossref_of(look_up(DOI, "doi", settings)) == (Outcome.ANSWERED, None)


def test_a_huge_answer(services: Services, settings: Settings) -> None:
    """It is not read to its end, packed or not."""
    huge = b" " * (LARGEST_ANSWER + 1)
    expected = (Outcome.UNUSABLE, f"the answer has more than {LARGEST_ANSWER} bytes")
    services.answer("crossref", Reply(huge))
    assert crossref_of(look_up(DOI, "doi", settings)) == expected
    services.answer("crossref", Reply(gzip.compress(huge), headers={"Content-Encoding": "gzip"}))
    assert crossref_of(look_up(DOI, "doi", settings)) == expected


def test_redirects_stay_on_the_host(services: Services, settings: Settings) -> None:
    """One to another host, port or scheme is refused, and so is a chain of them."""
    know_the_article(services)
    services.answer(
        "crossref",
        Reply(b"", 301, {"Location": "/crossref/works/moved"}),
        Reply(recorded("crossref/work.json")),
    )
    assert crossref_of(look_up(DOI, "doi", settings)) == (Outcome.ANSWERED, None)
    assert services.paths("crossref")[-1] == "/crossref/works/moved"
    for away in (
        "http://127.0.0.1:9/",
        "http://localhost/",
        f"https://127.0.0.1:{services.port}/",
        "file:///etc",
    ):
        services.answer("crossref", Reply(b"", 302, {"Location": away}))
        found = look_up(DOI, "doi", settings)
        assert crossref_of(found) == (Outcome.REFUSED, "the service sends to another host")
    services.answer("crossref", Reply(b"", 302, {"Location": "http://[no"}))
    assert crossref_of(look_up(DOI, "doi", settings))[1] == "the service sends to an address that is none"
    services.answer("crossref", Reply(b"", 308, {"Location": "/crossref/again"}))
    assert crossref_of(look_up(DOI, "doi", settings))[1] == "the service redirects more than 3 times"


def test_the_pace_of_arxiv(services: Services, settings: Settings, passing: Time, tmp_path: Path) -> None:
    """Three seconds lie between two questions, also to a program that starts anew."""
    know_the_preprint(services)
    kept = replace(settings, cache=tmp_path / "kept", keep_for=0)
    look_up(PREPRINT, "arxiv", kept)
    assert passing.slept == [3.0]
    passing.now += 1
    look_up(PREPRINT, "arxiv", kept)
    assert passing.slept == [3.0, 2.0, 3.0]
    passing.now -= DAY
    look_up(PREPRINT, "arxiv", kept)
    assert sum(passing.slept) < 20


def test_a_kept_answer_makes_no_request(
    services: Services, settings: Settings, passing: Time, tmp_path: Path
) -> None:
    """It comes back with the day on which it was given, until it is too old."""
    know_the_article(services)
    kept = replace(settings, cache=tmp_path / "kept", keep_for=2 * DAY)
    first = look_up(DOI, "doi", kept)
    count = len(services.asked)
    passing.now += DAY
    assert look_up(DOI, "doi", kept) == first
    assert len(services.asked) == count
    passing.now += 1.5 * DAY
    again = look_up(DOI, "doi", kept)
    assert len(services.asked) == 2 * count
    assert {one.date for one in first.asked} == {"2026-11-26"}
    assert {one.date for one in again.asked} == {"2026-11-28"}
    assert "example.org" not in "".join(file.read_text() for file in kept.cache.iterdir())  # type: ignore[union-attr]


def test_what_is_not_there_is_kept_and_what_failed_is_not(
    services: Services, settings: Settings, tmp_path: Path
) -> None:
    """A page that is no answer must not stand in the way of the next question."""
    services.answer("crossref", b"<!DOCTYPE html><title>Sorry</title>")
    kept = replace(settings, cache=tmp_path / "kept")
    assert crossref_of(look_up(DOI, "doi", kept))[0] is Outcome.UNUSABLE
    know_the_article(services)
    found = look_up(DOI, "doi", kept)
    assert crossref_of(found) == (Outcome.ANSWERED, None)
    assert [one.outcome for one in found.asked[1:]] == [Outcome.NOT_FOUND, Outcome.NOT_FOUND]


def test_kept_answers_serve_without_a_network(services: Services, settings: Settings, tmp_path: Path) -> None:
    """What was asked before is known, and is all that is needed."""
    know_the_article(services)
    kept = replace(settings, cache=tmp_path / "kept")
    first = look_up(DOI, "doi", kept)
    services.replies = {name: [Reply(status=500)] for name in SERVICES}
    assert look_up(DOI, "doi", kept) == first


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"time": "x", "url": 3}', b"\xff\x00"])
def test_a_damaged_cache(services: Services, settings: Settings, tmp_path: Path, damage: bytes) -> None:
    """It is as good as none."""
    know_the_article(services)
    folder = tmp_path / "kept"
    kept = replace(settings, cache=folder)
    first = look_up(DOI, "doi", kept)
    for file in folder.iterdir():
        file.write_bytes(damage)
    assert look_up(DOI, "doi", kept) == first


def test_a_cache_that_cannot_be_written(services: Services, settings: Settings, tmp_path: Path) -> None:
    """Nothing is kept, and nothing else happens."""
    know_the_article(services)
    (tmp_path / "file").write_text("")
    assert look_up(DOI, "doi", replace(settings, cache=tmp_path / "file")).status is Status.CURRENT


def test_a_cache_in_a_registry(settings: Settings, tmp_path: Path) -> None:
    """Fetched text must not get into one."""
    (tmp_path / "registry.yaml").write_text("")
    with pytest.raises(UsageError, match="lies in the registry"):
        replace(settings, cache=tmp_path / "deep" / "kept")


def nobody() -> int:
    """Return a port where nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def test_no_network(settings: Settings, passing: Time) -> None:
    """One line with the reasons and what to do, without a minute of retries."""
    gone = Addresses(*[f"http://127.0.0.1:{nobody()}"] * 5)
    with pytest.raises(EnvironmentFault) as caught:
        look_up(DOI, "doi", replace(settings, addresses=gone))
    assert caught.value.message == (
        "no service can be reached (crossref: no connection can be made; "
        "openalex: no connection can be made; semantic-scholar: no connection can be made)"
    )
    assert caught.value.hint is not None and "connection to the internet" in caught.value.hint
    assert passing.slept == []


def test_a_name_that_does_not_resolve(settings: Settings) -> None:
    """As on a machine without a network."""
    nowhere = Addresses(*["https://nowhere.invalid"] * 5)
    with pytest.raises(EnvironmentFault, match="the name of the host cannot be resolved"):
        look_up(PREPRINT, "arxiv", replace(settings, addresses=nowhere))


def test_a_server_that_speaks_no_tls(services: Services, settings: Settings) -> None:
    """An address with https is never asked without it."""
    addresses = replace(services.addresses, crossref=f"https://127.0.0.1:{services.port}/crossref")
    found = look_up(DOI, "doi", replace(settings, addresses=addresses))
    assert crossref_of(found) == (Outcome.UNREACHABLE, "the connection cannot be trusted")
    assert all(getattr(Addresses(), name).startswith("https://") for name in Addresses.__slots__)


def test_proxies_of_the_environment_are_not_used(
    services: Services, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request goes where it says."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{nobody()}")
    know_the_article(services)
    assert look_up(DOI, "doi", settings).status is Status.CURRENT


@pytest.mark.parametrize(
    "contact", ["me", "a b@example.org", "a@example.org\r\nHost: x", "http://example.org", ""]
)
def test_a_contact_that_is_none(contact: str) -> None:
    """It would reach the services as it is, so it must be an address."""
    with pytest.raises(UsageError, match="contact"):
        Settings(contact=contact)


def test_a_key_that_is_none() -> None:
    """So must a key."""
    with pytest.raises(UsageError, match="key"):
        Settings(semantic_scholar_key="a\nb")


def without(name: str, *path: str) -> bytes:
    """Return a recorded answer without one field."""
    data = json.loads(recorded(name))
    at = data
    for part in path[:-1]:
        at = at[part]
    del at[path[-1]]
    return json.dumps(data).encode()


def with_value(name: str, value: object, *path: str) -> bytes:
    """Return a recorded answer with another value in one place."""
    data = json.loads(recorded(name))
    at = data
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    return json.dumps(data).encode()


PAGE = b"<!DOCTYPE html><html><body>Rate limited</body></html>"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><feed xmlns="http://www.w3.org/2005/Atom">&c;</feed>'
)
OUTSIDE = b'<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]><feed>&x;</feed>'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the answer is no JSON, it is empty"),
        (PAGE, "the answer is no JSON, it looks like a web page"),
        (b"Rate exceeded.", "the answer is no JSON"),
        (b"[]", "the answer is JSON, but no object"),
        (b"null", "the answer is JSON, but no object"),
        (b"\xff\xfe{}", "the answer is no JSON"),
        (b'{"a":' * 100_000, "the answer is no JSON"),
        (b'{"message": NaN}', "the answer is no JSON"),
        (recorded("crossref/work.json")[:900], "the answer is no JSON"),
        (b"{}", "message is missing"),
        (b'{"message": []}', "message is no object"),
        (without("crossref/work.json", "message", "DOI"), "DOI is missing"),
        (
            with_value("crossref/work.json", "10.5555/another", "message", "DOI"),
            "the answer is about another paper",
        ),
        (with_value("crossref/work.json", 5, "message", "title"), "title is no list"),
        (with_value("crossref/work.json", [5], "message", "title"), "title is no text"),
        (with_value("crossref/work.json", ["x" * 3000], "message", "title"), "title has 3000 characters"),
        (
            with_value("crossref/work.json", "x" * 30_000, "message", "abstract"),
            "abstract has 30000 characters",
        ),
        (with_value("crossref/work.json", [{"family": 1}], "message", "author"), "an author is no text"),
        (with_value("crossref/work.json", ["Ada"], "message", "author"), "an item of author is no object"),
        (with_value("crossref/work.json", [{"name": "x"}] * 10_001, "message", "author"), "10001 authors"),
        (
            with_value("crossref/work.json", {"date-parts": [[2024, 13]]}, "message", "published"),
            "published is no date",
        ),
        (
            with_value("crossref/work.json", {"date-parts": [["2024"]]}, "message", "published"),
            "published is no date",
        ),
        (
            with_value("crossref/work.json", [{"type": 1}], "message", "updated-by"),
            "the type of a notice is no text",
        ),
        (with_value("crossref/work.json", [{}], "message", "updated-by"), "the type of a notice is missing"),
        (with_value("crossref/work.json", {}, "message", "updated-by"), "updated-by is no list"),
    ],
)
def test_hostile_answers_of_crossref(
    services: Services, settings: Settings, body: bytes, reason: str
) -> None:
    """Each is thrown away whole, and the status is unknown although OpenAlex has an opinion."""
    know_the_article(services)
    services.answer("crossref", body)
    found = look_up(DOI, "doi", settings)
    outcome, words = crossref_of(found)
    assert outcome is Outcome.UNUSABLE
    assert words is not None and words.startswith(reason)
    assert (found.status, found.status_reason) == (
        Status.UNKNOWN,
        f"crossref: {words}; openalex lists no retraction",
    )
    assert found.license == "cc-by"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (with_value("openalex/work.json", "https://doi.org/10.5555/x", "doi"), None),
        (b'{"doi": "https://doi.org/10.5555/x", "is_retracted": false}', "the answer is about another paper"),
        (b'{"doi": null, "locations": null, "is_retracted": true}', "the answer is about another paper"),
        (without("openalex/work.json", "is_retracted"), "is_retracted is missing"),
        (with_value("openalex/work.json", "false", "is_retracted"), "is_retracted is no truth value"),
        (with_value("openalex/work.json", 0, "is_retracted"), "is_retracted is no truth value"),
        (
            with_value("openalex/work.json", {"a": ["b"]}, "abstract_inverted_index"),
            "abstract_inverted_index names",
        ),
        (
            with_value("openalex/work.json", {"a": [True]}, "abstract_inverted_index"),
            "abstract_inverted_index names",
        ),
        (
            with_value("openalex/work.json", {"a": [0], "b": [0]}, "abstract_inverted_index"),
            "abstract_inverted_index names",
        ),
        (
            with_value("openalex/work.json", {"a": list(range(10_001))}, "abstract_inverted_index"),
            "abstract_inverted_index names",
        ),
        (
            with_value("openalex/work.json", "5 March", "publication_date"),
            "publication_date begins with no date",
        ),
        (with_value("openalex/work.json", [{"author": None}], "authorships"), "an author is missing"),
    ],
)
def test_hostile_answers_of_openalex(
    services: Services, settings: Settings, body: bytes, reason: str | None
) -> None:
    """A work that has the DOI as one of its places is the one; everything else is not believed."""
    services.answer("openalex", body)
    (asked,) = [one for one in look_up(DOI, "doi", settings).asked if one.service == "openalex"]
    assert asked.outcome is (Outcome.UNUSABLE if reason else Outcome.ANSWERED)
    assert (asked.reason or "").startswith(reason or "")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            with_value("semantic-scholar/paper.json", {"DOI": "10.5555/x"}, "externalIds"),
            "the answer is about another",
        ),
        (with_value("semantic-scholar/paper.json", {}, "externalIds"), "the answer is about another paper"),
        (with_value("semantic-scholar/paper.json", None, "externalIds"), "externalIds is missing"),
        (with_value("semantic-scholar/paper.json", None, "title"), "title is missing"),
        (with_value("semantic-scholar/paper.json", ["x"], "abstract"), "abstract is no text"),
    ],
)
def test_hostile_answers_of_semantic_scholar(
    services: Services, settings: Settings, body: bytes, reason: str
) -> None:
    """The same there."""
    services.answer("semantic-scholar", body)
    asked = look_up(DOI, "doi", settings).asked[-1]
    assert asked.outcome is Outcome.UNUSABLE
    assert (asked.reason or "").startswith(reason)


def entry(old: str, new: str) -> bytes:
    """Return arXiv's entry with words replaced."""
    text = recorded("arxiv/entry-v1.xml").decode()
    assert old in text
    return text.replace(old, new).encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the answer is no XML, it is empty"),
        (PAGE, "the answer declares a document type, it looks like a web page"),
        (b"<html><body><p>Down</body></html>", "the answer is no XML, it looks like a web page"),
        (b"<html><body>Down</body></html>", "the answer is no Atom feed"),
        (b"Rate exceeded.", "the answer is no XML"),
        (b'{"feed": []}', "the answer is no XML"),
        (BOMB, "the answer declares a document type"),
        (OUTSIDE, "the answer declares a document type"),
        (BOMB.decode().encode("utf-16"), "the answer is not UTF-8"),
        (b'<?xml version="1.0" encoding="UTF-7"?>' + BOMB[21:], "the answer declares a document type"),
        (b"<a>" * 300_000, "the answer is no XML"),
        (b"<a>" * 200_000 + b"</a>" * 200_000, "the answer is no Atom feed"),
        (recorded("arxiv/entry-v1.xml")[:1500], "the answer is no XML"),
        (recorded("arxiv/error.xml"), "arxiv reports an error: incorrect id format for 2601"),
        (entry("abs/2601.90001v1</id>", "abs/2601.90002v1</id>"), "the answer is about another paper"),
        (
            entry("http://arxiv.org/abs/2601.90001v1</id>", "2601.90001v1</id>"),
            "the answer is about another paper",
        ),
        (entry("abs/2601.90001v1</id>", "abs/2601.90001v2</id>"), "the answer is about v2, asked was v1"),
        (entry("</feed>", "<entry><id>x</id></entry></feed>"), "the answer has 2 entries"),
        (
            entry("<summary>", "<abstract>").replace(b"</summary>", b"</abstract>"),
            "the entry has no title or no",
        ),
        (
            entry("<published>2026-01-14", "<published>yesterday"),
            "the date of publication begins with no date",
        ),
        (
            entry("<published>2026-01-14", "<published>2026-02-30"),
            "the date of publication begins with no date",
        ),
        (entry("Ada Meadow", "x" * 2001), "an author has 2001 characters"),
    ],
)
def test_hostile_entries_of_arxiv(services: Services, settings: Settings, body: bytes, reason: str) -> None:
    """Nothing of such an answer is used: no entity is opened, and another paper is not taken for this one."""
    know_the_preprint(services)
    services.answer("arxiv", body)
    found = look_up(f"{PREPRINT}v1", "arxiv", settings)
    assert found.asked[0].outcome is Outcome.UNUSABLE
    assert (found.asked[0].reason or "").startswith(reason)
    assert (found.version, found.abstract) == (None, None)


def record(old: str, new: str) -> bytes:
    """Return arXiv's record with words replaced."""
    text = recorded("arxiv/record.xml").decode()
    assert old in text
    return text.replace(old, new).encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<feed/>", "the answer is no OAI-PMH record"),
        (record("<id>2601.90001</id>", "<id>2601.90002</id>"), "the answer is about another paper"),
        (record("<id>2601.90001</id>", ""), "the answer is about another paper"),
        (record('<version version="v2">', "<version>"), "a version in the record has no number"),
        (record('<version version="v2">', '<version version="v4">'), "the versions in the record are not"),
        (record('<version version="v2">', '<version version="v1">'), "the versions in the record are not"),
        (record("arXivRaw", "arXivOld"), "the record has no arXivRaw"),
        (
            recorded("arxiv/record-none.xml").replace(b"idDoesNotExist", b"badVerb"),
            "arxiv reports an error: badVerb",
        ),
    ],
)
def test_hostile_records_of_arxiv(services: Services, settings: Settings, body: bytes, reason: str) -> None:
    """Then nobody knows the versions, and the status is unknown."""
    know_the_preprint(services)
    services.answer("oai", body)
    found = look_up(PREPRINT, "arxiv", settings)
    assert found.asked[1].outcome is Outcome.UNUSABLE
    assert (found.asked[1].reason or "").startswith(reason)
    assert (found.status, found.newest_version) == (Status.UNKNOWN, None)


def test_what_cannot_be_seen_does_not_come_through(services: Services, settings: Settings) -> None:
    """Hidden characters and line ends of a title are gone."""
    know_the_article(services)
    services.answer(
        "crossref", with_value("crossref/work.json", ["Re\u202ecall\n in\u200b\tmeadows"], "message", "title")
    )
    assert look_up(DOI, "doi", settings).title == "Recall in meadows"

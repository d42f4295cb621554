"""The site of the real registry: the same bytes every time, and every file true to what it says of itself."""

import hashlib
import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from colophon import canon, schema

from .conftest import colophon, publish

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ADDRESS = "https://press.example/registry/"


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every file below a folder, by relative path."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def documents(file: Path) -> list[Any]:
    """Return the documents of a JSON or JSONL file."""
    text = file.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()] if file.suffix == ".jsonl" else [json.loads(text)]


def parts(document: Any) -> Iterator[dict[str, Any]]:
    """Yield a document and every document inside it that names a contract."""
    if isinstance(document, dict):
        if "contract_version" in document:
            yield document
        for below in document.values():
            yield from parts(below)
    elif isinstance(document, list):
        for below in document:
            yield from parts(below)


@pytest.fixture(scope="module")
def with_address(tmp_path_factory: pytest.TempPathFactory, registry: Path) -> Path:
    """The site of a copy of the registry that knows where it is published."""
    folder = tmp_path_factory.mktemp("addressed")
    copy = shutil.copytree(registry, folder / "registry")
    settings = copy / "registry.yaml"
    text = settings.read_text(encoding="utf-8")
    text, count = re.subn(r"(?m)^site_url:.*$", f"site_url: {ADDRESS}", text)
    assert count == 1
    settings.write_text(text, encoding="utf-8")
    return publish(folder / "site", copy)


def test_serial_pool_and_cached_runs_give_the_same_bytes(site: Path, registry: Path, tmp_path: Path) -> None:
    """One process, two processes and a second run from the cache write byte-identical trees."""
    expected = digests(site)
    assert expected
    pool = publish(tmp_path / "site", registry, "--jobs", "2")
    assert digests(pool) == expected
    again = publish(tmp_path / "site", registry, "--jobs", "2")
    assert digests(again) == expected


def test_registry_has_no_damage_in_either_engine() -> None:
    """`colophon check` with both schema engines finds no integrity finding."""
    done = colophon("check", "--engine", "both", "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_stored_document_round_trips(registry: Path) -> None:
    """Reading a stored document and writing it again gives its bytes; both engines accept it."""
    files = sorted((registry / "papers").rglob("*.json"))
    assert files
    for file in files:
        raw = file.read_bytes()
        document = json.loads(raw)
        contract = document["contract_version"]
        assert canon.dumps(schema.ordered(contract, document)) == raw, file
        assert schema.faults(contract, document, "both") == (), file


def test_every_published_document_fits_its_contract(site: Path) -> None:
    """Every JSON and JSONL file names a contract, and both engines accept it and each document inside it."""
    files = [file for file in sorted(site.rglob("*.json*")) if file.parent.name != "schemas"]
    assert {file.suffix for file in files} == {".json", ".jsonl"}
    for file in files:
        for document in documents(file):
            assert "contract_version" in document, file
            for part in parts(document):
                assert schema.faults(part["contract_version"], part, "both") == (), file


def test_every_published_schema_is_one_of_ours(site: Path) -> None:
    """Both engines accept every published schema, and it has the bytes that records are validated with."""
    files = {file.stem: file for file in (site / "schemas").glob("*.json")}
    assert sorted(files) == list(schema.known())
    for contract, file in files.items():
        assert file.read_bytes() == schema.source(contract)
        document = json.loads(file.read_bytes())
        Draft202012Validator.check_schema(document)
        jsonschema_rs.meta.validate(document)


def test_index_lists_every_data_file_with_its_digest(site: Path) -> None:
    """index.json gives size and SHA-256 of every file that is data and no record's own."""
    index = json.loads((site / "index.json").read_text(encoding="utf-8"))
    listed = {part["path"]: part for part in index["parts"]}
    assert len(listed) == len(index["parts"])
    for path, part in listed.items():
        body = (site / path).read_bytes()
        assert (len(body), f"sha256:{hashlib.sha256(body).hexdigest()}") == (part["bytes"], part["sha256"]), (
            path
        )
    data = {
        path
        for path in digests(site)
        if Path(path).suffix in {".json", ".jsonl", ".atom", ".xml", ".parquet"}
        and not path.startswith("papers/")
    }
    assert data - {"index.json"} <= set(listed)


def test_index_counts_the_records_that_are_stored(site: Path, registry: Path) -> None:
    """The figures of index.json add up to the record folders of the registry."""
    index = json.loads((site / "index.json").read_text(encoding="utf-8"))
    stored = [folder for folder in (registry / "papers").glob("*/*") if folder.is_dir()]
    assert index["records"] + index["withheld"] == len(stored) == sum(index["tiers"].values())
    assert {folder.name for folder in stored} == {
        file.stem for file in (site / "papers").glob("*.json") if re.fullmatch(r"[0-9a-f-]{36}", file.stem)
    }


def test_sitemap_waits_for_an_address(site: Path) -> None:
    """Without site_url there is no sitemap, because its addresses must be absolute."""
    assert not list(site.glob("sitemap*"))
    assert json.loads((site / "index.json").read_text(encoding="utf-8"))["site_url"] is None


def test_sitemap_lists_every_page(with_address: Path) -> None:
    """With site_url the sitemap lists every page by its whole address, except the one for missing pages."""
    root = ET.parse(with_address / "sitemap.xml").getroot()
    listed = [loc.text or "" for loc in root.iter(f"{SITEMAP}loc")]
    pages = {page.relative_to(with_address).as_posix() for page in with_address.rglob("*.html")} - {
        "404.html"
    }
    assert len(listed) == len(set(listed))
    assert set(listed) == {f"{ADDRESS}{page}" for page in pages}


@pytest.mark.parametrize("addressed", [False, True])
def test_feed_says_what_atom_demands(site: Path, with_address: Path, addressed: bool) -> None:
    """The feed is well-formed; every entry has its id, an author and a link to a page that exists."""
    folder = with_address if addressed else site
    root = ET.parse(folder / "feed.atom").getroot()
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert 0 < len(ids) == len(set(ids)) <= 50
    for entry in entries:
        assert entry.find(f"{ATOM}author/{ATOM}name") is not None
        links = entry.findall(f"{ATOM}link[@rel='alternate']")
        assert len(links) == 1
        address = links[0].get("href", "")
        assert address.startswith(ADDRESS) == addressed
        assert (folder / address.removeprefix(ADDRESS)).is_file()


def test_page_sizes(site: Path) -> None:
    """No HTML page is above 40 KB; the frame around a page's own content is at most 8 KB."""
    large = {
        page.relative_to(site).as_posix(): page.stat().st_size
        for page in site.rglob("*.html")
        if page.stat().st_size > 40 * 1024
    }
    assert large == {}
    text = (site / "withheld.html").read_text(encoding="utf-8")
    frame = re.sub(r"(?s)<main.*</main>", "", text)
    assert len(frame.encode()) <= 8 * 1024


def test_nothing_published_names_the_place_it_was_built(site: Path, registry: Path) -> None:
    """No published file holds a path of the machine that built it."""
    places = [str(registry.parent).encode(), str(site.parent).encode()]
    for file in site.rglob("*"):
        if file.is_file():
            body = file.read_bytes()
            assert not [place for place in places if place in body], file


def test_works_are_published_as_they_are_filed(site: Path, registry: Path) -> None:
    """The JSON of a work holds each of its files, whole, with the digest of its bytes."""
    found = {}
    for file in (site / "works").glob("*.json"):
        for one in json.loads(file.read_bytes())["files"]:
            filed = (registry / one["path"]).read_bytes()
            assert one["document"] == json.loads(filed)
            assert one["sha256"] == canon.digest(filed)
            found[one["path"]] = file
    assert {*found} == {one.relative_to(registry).as_posix() for one in registry.glob("works/*/*/*.json")}
    assert found

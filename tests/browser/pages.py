"""What a published page holds, read without a browser: its anchors and everything that it points to."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")
# What a page says of itself to machines; a browser loads none of it.
_NAMES = {"alternate", "canonical", "cite-as", "describedby"}
# Which attribute of which element makes the browser load something.
_LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "embed": "src", "object": "data"}


@dataclass
class Outline(HTMLParser):
    """The ids of a page, its links, and what it loads."""

    text: str
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the page."""
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what one element says."""
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "link":
            (self.links if values.get("rel") in _NAMES else self.loads).append(values["href"])
        if values.get(_LOADED.get(tag, "")):
            self.loads.append(values[_LOADED[tag]])


@dataclass(frozen=True)
class Target:
    """A file of the site that something points to, and the place in it; ``file`` may not exist."""

    file: Path
    fragment: str


def paths(site: Path) -> list[str]:
    """Return the site-relative paths of all pages, sorted."""
    return sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html"))


def kind(path: str) -> str:
    """Return which kind a page is of: its path, without what tells it from its sisters."""
    name = UUID.sub("ID", path)
    name = re.sub(r"\d{4}-\d{2}|undated", "MONTH", name)
    name = re.sub(r"[a-z]+-\d+\.html", "PART.html", name)
    name = re.sub(r"^benchmarks/[^/]+(/)?.*", r"benchmarks/ONE\1", name)
    name = re.sub(r"^experiments/[a-z0-9-]+(__[a-z]+)?(__\d+)?\.html", r"experiments/ONE\1.html", name)
    name = re.sub(r"^experiments/[^/]+/.+", "experiments/ONE/VERDICT.html", name)
    views = "index|by-tier|confidence|most"
    return re.sub(rf"^(findings|rules|schemas|sources|tiers|works)/(?!{views}).+", r"\1/ONE", name)


def one_of_each_kind(site: Path) -> list[str]:
    """Return the largest page of every kind, sorted."""
    largest: dict[str, str] = {}
    for path in sorted(paths(site), key=lambda name: ((site / name).stat().st_size, name)):
        largest[kind(path)] = path
    return sorted(largest.values())


def is_external(address: str) -> bool:
    """Tell whether an address leaves the site."""
    parts = urlsplit(address)
    return bool(parts.scheme or parts.netloc)


def resolve(site: Path, page: str, address: str) -> Target:
    """Return what an address inside a page points to, the way a browser finds it on disk."""
    parts = urlsplit(address)
    file = (site / page).parent / unquote(parts.path) if parts.path else site / page
    return Target(file.resolve(), unquote(parts.fragment))


def styles(site: Path) -> dict[str, list[str]]:
    """Return what each stylesheet of the site loads; data: addresses load nothing."""
    return {
        file.relative_to(site).as_posix(): [
            url for url in _CSS_URL.findall(file.read_text(encoding="utf-8")) if not url.startswith("data:")
        ]
        for file in sorted(site.rglob("*.css"))
    }

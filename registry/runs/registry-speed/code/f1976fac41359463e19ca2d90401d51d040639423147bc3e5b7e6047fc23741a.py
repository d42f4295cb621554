"""The same records as content of the peers: one Markdown file a record, with the same text and all claims.

Templates and settings are minimal: a frame with the same links, the page, and lists of pages.  Neither peer
validates anything, runs audits, or writes JSON, badges, feeds or citations.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_HUGO = """baseURL = "/"
title = "Fabricated registry (benchmark)"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "404", "robotstxt"]
[pagination]
pagerSize = 100
[markup.goldmark.renderer]
unsafe = false
"""
_MKDOCS = """site_name: Fabricated registry (benchmark)
theme:
  name: material
plugins:
  - search
nav:
  - index.md
validation:
  omitted_files: ignore
"""
_LINKS = "".join(
    f'<li><a href="/{name}/">{name.title()}</a></li>\n'
    for name in ("papers", "tiers", "findings", "experiments", "sources", "rules", "guide", "about")
)
_BASE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{{{ .Title }}}} · {{{{ site.Title }}}}</title>
<meta name="description" content="{{{{ .Description }}}}">
<link rel="stylesheet" href="/assets/site.css">
</head>
<body>
<header><a href="/">{{{{ site.Title }}}}</a><nav><ul>
{_LINKS}</ul></nav></header>
<main>{{{{ block "main" . }}}}{{{{ end }}}}</main>
<footer><p>Machine-generated literature syntheses.</p></footer>
</body>
</html>
"""
_SINGLE = """{{ define "main" }}<h1>{{ .Title }}</h1>
<p>{{ .Params.publisher }}, <time>{{ .Date.Format "2006-01-02" }}</time></p>
{{ .Content }}{{ end }}
"""
_HOME = """{{ define "main" }}<h1>{{ .Title }}</h1>{{ end }}
"""
_LIST = """{{ define "main" }}<h1>{{ .Title }}</h1>
{{ $pager := .Paginate .RegularPagesRecursive }}<ul>
{{ range $pager.Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Params.publisher }}</li>
{{ end }}</ul>
{{ with $pager.Next }}<a href="{{ .URL }}">Next</a>{{ end }}{{ end }}
"""


def manifests(registry: Path) -> Iterator[dict[str, Any]]:
    """Yield the manifest of every record, in order of their ids."""
    for file in sorted(registry.glob("papers/*/*/manifest.json")):
        yield json.loads(file.read_bytes())


def write_hugo(registry: Path, folder: Path) -> None:
    """Write a site of Hugo with one content file a record."""
    layouts, content = folder / "layouts" / "_default", folder / "content" / "papers"
    for made in (layouts, content):
        made.mkdir(parents=True)
    (folder / "hugo.toml").write_text(_HUGO, encoding="utf-8")
    for name, text in (("baseof", _BASE), ("home", _HOME), ("single", _SINGLE), ("list", _LIST)):
        (layouts / f"{name}.html").write_text(text, encoding="utf-8")
    for one in manifests(registry):
        head = {
            "title": one["title"], "date": one["submitted"], "publisher": one["publisher"]["name"],
            "description": one["research_question"],
        }  # fmt: skip
        # Hugo reads front matter as JSON too.
        text = f"{json.dumps(head, ensure_ascii=False, indent=1)}\n\n{body(one)}"
        (content / f"{one['id']}.md").write_text(text, encoding="utf-8")


def write_mkdocs(registry: Path, folder: Path) -> None:
    """Write a site of plain mkdocs-material: search on, pages not listed in the navigation."""
    pages = folder / "docs" / "papers"
    pages.mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(_MKDOCS, encoding="utf-8")
    (folder / "docs" / "index.md").write_text("# Fabricated registry (benchmark)\n", encoding="utf-8")
    for one in manifests(registry):
        head = f"# {one['title']}\n\n{one['publisher']['name']}, {one['submitted']}\n\n"
        (pages / f"{one['id']}.md").write_text(head + body(one), encoding="utf-8")


def body(manifest: dict[str, Any]) -> str:
    """Return the page of a record below its title, as Markdown."""
    rows = "".join(
        f"| {claim['text']} | {claim['stated']['flag']} | {claim['stated']['confidence']} |\n"
        for claim in manifest["claims"]
    )
    links = "".join(f"- <{source['url']}>\n" for source in manifest["sources"])
    stated = manifest["stated"]
    return (
        f"## Abstract\n\n{manifest['abstract']}\n\n## Question\n\n{manifest['research_question']}\n\n"
        f"## Results\n\n{stated['claims_extracted']} claims extracted. Quality review score: "
        f"{stated['review_score']['text']}.\n\n## Claims\n\n| Claim | Verified | Confidence |\n"
        f"| --- | --- | --- |\n{rows}\n## References\n\n{links}"
    )

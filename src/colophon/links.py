"""Links inside a manifest: claims in printed order, claims to sources, texts listed as cut."""

from typing import Any

from colophon import pointer as pointers


def broken_links(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (pointer, message) of every link that does not hold, names of claims first."""
    return [*misnamed(manifest), *dangling(manifest)]


def misnamed(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the claims that are not named c001, c002 ... in printed order."""
    found = []
    for position, claim in enumerate(manifest["claims"] or ()):
        expected = f"c{position + 1:03d}"
        if claim["id"] != expected:
            message = f"claim is named {claim['id']}, expected {expected} in printed order"
            found.append((f"/claims/{position}/id", message))
    return found


def dangling(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what names a source or a text that the manifest does not have."""
    found = []
    sources = {source["id"] for source in manifest["sources"] or ()}
    for position, claim in enumerate(manifest["claims"] or ()):
        for number, name in enumerate(claim["sources"] or ()):
            if name not in sources:
                message = f"claim names source {name}, which the record does not list"
                found.append((f"/claims/{position}/sources/{number}", message))
    for position, pointer in enumerate(manifest.get("truncated", ())):
        if not isinstance(pointers.resolve(manifest, pointer), str):
            found.append((f"/truncated/{position}", f"{pointer} is no text of this manifest"))
    return found

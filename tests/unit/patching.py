"""A person who takes the text that a fault offers."""

from colophon.model import Fault


def mended(text: str, fault: Fault) -> str:
    """Return a text with the patch of its fault."""
    patch = fault.patch
    assert patch is not None
    lines = text.split("\n")
    lines[patch.first - 1 : patch.last] = patch.text.split("\n")
    return "\n".join(lines)

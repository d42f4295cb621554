"""What happened on a branch's target since the branch began, where it meets what the branch does."""

from collections.abc import Iterable, Iterator

from colophon import placement
from colophon.alterations import Filed, finding
from colophon.model import Finding
from colophon.placement import SETTINGS
from colophon.repository import Change, Repository


def is_there(repository: Repository, tip: str, change: Change) -> bool:
    """Whether a branch's tip has what a change would do, because it was merged already."""
    node = repository.node(tip, change.path)
    if node is None:
        return change.status == "D"
    return (node.mode, node.oid) == (change.new_mode, change.new_oid)


def names_taken(repository: Repository, base: str, tip: str, new: Iterable[Filed]) -> Iterator[Finding]:
    """Yield the added files whose names were taken after the branch began."""
    for item in new:
        path = item.change.path
        is_taken = repository.node(tip, path) is not None and repository.node(base, path) is None
        if item.place.is_protected and is_taken:
            message = f"was filed with other words after this branch began, in {tip[:12]}"
            yield finding("H401", item.place, f"{message}; expected another name for the new file")


def mixed(repository: Repository, tip: str, changes: Iterable[Change], folder: str) -> Iterator[Finding]:
    """Yield the files that the branch and its target both changed so that a merge would mix them unseen.

    Git's merge follows a file that one side moved: an edit of a draft lands in the event that the draft
    became.  And the two texts of registry.yaml that it joins need not be one that anybody has judged.
    """
    settings = f"{folder}/{SETTINGS}" if folder else SETTINGS
    for change in changes:
        if change.status == "A":
            continue
        node = repository.node(tip, change.path)
        stays = node is not None and (node.mode, node.oid) == (change.old_mode, change.old_oid)
        if not stays and (node is None or change.status == "D" or change.path == settings):
            place = placement.anywhere(change.path, folder)
            message = f"was changed, moved or deleted in {tip[:12]} too, since this branch began"
            yield finding(
                "H414", place, f"{message}; merge that into your branch first: git merge {tip[:12]}"
            )

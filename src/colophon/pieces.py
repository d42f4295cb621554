"""What a kept result is made of, piece by piece: of one that is kept only pieces that changed are made again.

What each piece depended on is kept by a name that is a digest of it all, beside the results that give it.
"""

import hashlib
from collections.abc import Mapping

from colophon import packed
from colophon.cache import Cache


class Pieces:
    """The digests of what each piece depends on today, by piece; ``name`` stands for all of them."""

    def __init__(self, prefix: str, digests: Mapping[str, str]) -> None:
        """``prefix`` is that of the keys under which sets of digests are kept."""
        self.digests = dict(digests)
        self.name = hashlib.sha256(f"{sorted(digests.items())}".encode()).hexdigest()[:16]
        self._prefix = prefix
        self._changed: dict[str, frozenset[str]] = {self.name: frozenset()}

    @property
    def key(self) -> str:
        """The key under which they are kept."""
        return self._prefix + self.name

    def keep(self, cache: Cache) -> None:
        """Keep them, for results that a later program finds to be made of these."""
        cache.put({self.key: packed.packed(self.digests)})

    def changed(self, cache: Cache, name: str) -> frozenset[str] | None:
        """Return the pieces that came, went, or depend on something else than when the name stood for them.

        None where nobody knows any more what it stood for.
        """
        if name not in self._changed:
            key = self._prefix + name
            before = packed.unpacked(cache.get([key]).get(key, b""), dict)
            if before is None:
                return None
            every = {*before, *self.digests}
            self._changed[name] = frozenset(one for one in every if before.get(one) != self.digests.get(one))
        return self._changed[name]

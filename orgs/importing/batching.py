"""Long lists of keys, cut for the parameters of one statement."""

from collections.abc import Iterable, Iterator

CHUNK = 5000


def in_chunks(keys: Iterable) -> Iterator[list]:
    """The keys in order, some thousand at a time."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]

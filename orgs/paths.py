"""Paths of the tree: one text per organization, one segment per level, no database.

A segment is four characters of 0-9A-Z, so a parent has room for 1.6 million
children. Compared byte by byte, the subtree of `p` is exactly the half-open
range [p, successor(p)).
"""

from django.db.models import Q

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WIDTH = 4
MAX_LEVELS = 15


def segment(number: int) -> str:
    """The segment of the `number`-th child (from 0); OverflowError when there is no room."""
    if not 0 <= number < len(ALPHABET) ** WIDTH:
        raise OverflowError(number)
    digits = ""
    for _ in range(WIDTH):
        number, remainder = divmod(number, len(ALPHABET))
        digits = ALPHABET[remainder] + digits
    return digits


def number_of(path: str) -> int:
    """The place of the last segment of `path` among its siblings (inverse of `segment`)."""
    return int(path[-WIDTH:], len(ALPHABET))


def successor(path: str) -> str:
    """The least text that is greater than every path under `path`."""
    return path[:-1] + chr(ord(path[-1]) + 1)


def parent_of(path: str) -> str:
    """The path of the parent; empty for a root."""
    return path[:-WIDTH]


def ancestors_of(path: str) -> list[str]:
    """The paths of the ancestors from the root down, without `path` itself."""
    return [path[:end] for end in range(WIDTH, len(path), WIDTH)]


def level_of(path: str) -> int:
    """How deep the organization stands: 1 for a root."""
    return len(path) // WIDTH


def is_within(path: str, ancestor: str) -> bool:
    """Whether `path` lies in the subtree of `ancestor`, itself included."""
    return ancestor <= path < successor(ancestor)


def subtree(path: str, field: str = "path") -> Q:
    """The condition that `field` lies in the subtree of `path`, itself included."""
    return Q(**{f"{field}__gte": path, f"{field}__lt": successor(path)})


def outermost(paths) -> tuple[str, ...]:
    """The given paths in order, without those that lie under another of them."""
    kept: list[str] = []
    for path in sorted(paths):
        if not kept or not is_within(path, kept[-1]):
            kept.append(path)
    return tuple(kept)


def covering(paths, at_most: int) -> tuple[str, ...]:
    """At most `at_most` subtrees that together hold all `paths`: the deepest give way to their parents.

    A page of branches from everywhere is then still one short condition; the
    caller leaves out what it did not ask for. Roots have no parents, so more
    roots than `at_most` stay.
    """
    kept = outermost(paths)
    while len(kept) > at_most and (deepest := max(map(level_of, kept))) > 1:
        kept = outermost(parent_of(path) if level_of(path) == deepest else path for path in kept)
    return kept


def subtrees(paths, field: str = "path") -> Q:
    """The condition that `field` lies in one of the subtrees; false for everything when `paths` is empty."""
    condition = Q(pk__in=[])
    for path in outermost(paths):
        condition |= subtree(path, field)
    return condition

"""Which organization a roster means: by code, full name, name without 「中共」 or short name, in one part of the tree.

An organization outside the part of the tree that the uploader may see is answered exactly as one that does not exist.
The part is that of the batch, whose doors ask for the right to it: whoever takes a batch over finds in it what the
uploader found, be the uploader's own right narrower, wider or long ended.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from orgs import paths
from orgs.enums import Action, Severity
from orgs.importing.cleaned import BLANK_WORDS, folded
from orgs.importing.codes import Code
from orgs.importing.refusals import ImportRefused
from orgs.importing.rows import RosterRow
from orgs.models import Organization

# One look-up holds the whole scope; beyond this a province should import part by part.
LARGEST_SCOPE = 200_000
PARTY = "中共"


@dataclass(slots=True, eq=False)
class Place:
    """An organization as the look-up knows it."""

    pk: int
    code: str
    name: str
    short_name: str
    kind: str
    form: str
    unit_type: str
    parent_id: int | None
    path: str
    closed_on: date | None


COLUMNS = tuple(Place.__slots__)


@dataclass(frozen=True, slots=True)
class Match:
    """What a code and a name lead to: one place, or why there is none."""

    place: Place | None = None
    # Several fit equally well.
    candidates: tuple[Place, ...] = ()
    # Found by something less than its code or full name, or by a code that goes with another name: say so.
    is_fuzzy: bool = False
    # The candidates are that of the code and those of the name.
    contradicts: bool = False
    # It exists and the user may see it, but the roster may not write there.
    out_of_scope: bool = False
    # Found by a code that differs in leading zeros only, which a number cell drops.
    is_number: bool = False


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """A name as names are compared: NFKC, without white space."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def plain_key(name: str) -> str:
    """A name key without the 「中共」 in front."""
    return name_key(name).removeprefix(PARTY)


class Directory:
    """The organizations that one upload may write to: those under `organization`. `user` may be told of others."""

    def __init__(self, *, user, organization: Organization):
        self.user, self.organization = user, organization
        inside = Organization.objects.under(organization)
        if inside.count() > LARGEST_SCOPE:
            raise ImportRefused(f"“{organization.name}”之下的党组织过多，请选择它的某个下级后分别导入。")
        self._index = _Index(Place(*row) for row in inside.order_by("pk").values_list(*COLUMNS))

    @property
    def places(self) -> dict[int, Place]:
        """All places by key."""
        return self._index.by_pk

    def find(self, code: str, name: str) -> Match:
        """The place of a code and a name, either of which may be empty."""
        found = self._index.find(code, name)
        if found.place or found.candidates:
            return found
        return Match(out_of_scope=self.is_visible_elsewhere(code, name))

    def with_code(self, code: str) -> Place | None:
        """The place that has this code."""
        return next(iter(self._index.by_code.get(code, ())), None)

    def with_number(self, code: str) -> Place | None:
        """The one place whose code is the same number, zeros in front apart; None when there is none or are several."""
        return self._index.numbered(code)

    def named(self, name: str) -> tuple[list[Place], bool]:
        """All places of a name, and whether it is less than the full one (without 「中共」, or the short name)."""
        return self._index.named(name)

    def children_of(self, place: Place) -> list[Place]:
        """The places directly under a place that are not closed."""
        return [each for each in self._index.by_parent.get(place.pk, ()) if each.closed_on is None]

    def listed(self, places: tuple[Place, ...]) -> str:
        """Several places by name, each with its parent's, so that they can be told apart."""
        parents = [self._index.by_pk.get(place.parent_id) for place in places]
        return "、".join(
            f"{place.name}（{'，'.join(filter(None, [place.code, parent and parent.name]))}）"
            for place, parent in zip(places, parents, strict=True)
        )

    def is_visible_elsewhere(self, code: str, name: str = "") -> bool:
        """Whether the user may see such an organization although the roster may not write to it."""
        codes, names, short_names = self._visible
        if code and code in codes:
            return True
        plain = name.removeprefix(PARTY)
        return bool(name) and (not names.isdisjoint((name, plain, PARTY + plain)) or name in short_names)

    @cached_property
    def _visible(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """Codes, names and short names of all that the user may see: read once, however many rows ask."""
        seen = Organization.objects.filter(paths.subtrees(self.user.paths_allowing(Action.READ)))
        told = list(seen.values_list("code", "name", "short_name"))
        return tuple(map(frozenset, zip(*told, strict=True))) if told else (frozenset(),) * 3


class _Index:
    """Places by whatever a roster may call them by; each table is made when something is first looked for in it."""

    def __init__(self, places: Iterable[Place]):
        self.by_pk = {place.pk: place for place in places}

    @cached_property
    def by_parent(self) -> dict[int, list[Place]]:
        return self._table(lambda place: place.parent_id)

    @cached_property
    def by_code(self) -> dict[str, list[Place]]:
        return self._table(lambda place: place.code or None)

    @cached_property
    def by_number(self) -> dict[str, list[Place]]:
        return self._table(lambda place: place.code.lstrip("0") if place.code.isdecimal() else None)

    @cached_property
    def by_name(self) -> dict[str, list[Place]]:
        return self._table(lambda place: name_key(place.name))

    @cached_property
    def by_plain(self) -> dict[str, list[Place]]:
        return self._table(lambda place: plain_key(place.name))

    @cached_property
    def by_short(self) -> dict[str, list[Place]]:
        return self._table(lambda place: name_key(place.short_name) if place.short_name else None)

    def _table(self, key: Callable[[Place], Hashable]) -> dict[Hashable, list[Place]]:
        """The places by a key, in their order, without those whose key is None."""
        table = defaultdict(list)
        for place in self.by_pk.values():
            if (found := key(place)) is not None:
                table[found].append(place)
        return table

    def find(self, code: str, name: str) -> Match:
        hits, fuzzy = self.named(name) if name else ([], False)
        if code and (coded := self.by_code.get(code)):
            if hits and coded[0] not in hits:
                # Code and name contradict each other: which one is the slip of the pen is not for us to say.
                return Match(candidates=(coded[0], *hits), contradicts=True)
            return Match(coded[0], is_fuzzy=bool(name) and not hits)
        if code and (numbered := self.numbered(code)) and (not hits or numbered in hits):
            return Match(numbered, is_fuzzy=not hits, is_number=not hits)
        if len(hits) == 1:
            return Match(hits[0], is_fuzzy=fuzzy or bool(code))
        return Match(candidates=tuple(hits))

    def numbered(self, code: str) -> Place | None:
        found = self.by_number.get(code.lstrip("0"), ()) if code.isdecimal() else ()
        return found[0] if len(found) == 1 else None

    def named(self, name: str) -> tuple[list[Place], bool]:
        hits, fuzzy = self.by_name.get(name_key(name)), False
        if not hits:
            hits, fuzzy = self.by_plain.get(plain_key(name)) or self.by_short.get(name_key(name)), True
        if not hits:
            return [], False
        return [place for place in hits if place.closed_on is None] or hits, fuzzy


def resolve(row: RosterRow, directory: Directory, on: date) -> Place | None:
    """The place that a row's `org_code` and `org_name` mean on a day; None after saying why there is none."""
    code, name = row.get("org_code", ""), row.get("org_name", "")
    stands_in_name = name or (not code and "org_name" in row.sheet.header.columns)
    cell = "org_name" if stands_in_name else "org_code"
    if not code and not name:
        # Not when the cell was unusable and that has been said already.
        columns = {row.sheet.header.columns.get(name) for name in ("org_code", "org_name")} - {None}
        if not any(each.column in columns and each.severity == Severity.ERROR for each in row.issues):
            shown = folded(row.shown("org_name") or row.shown("org_code"))
            row.report(Code.ORG_EMPTY if shown in BLANK_WORDS else Code.ORG_UNKNOWN, cell, value=shown)
        return None
    match = directory.find(code, name)
    value = name or code
    if match.place is not None and match.place.closed_on is not None and match.place.closed_on <= on:
        row.report(
            Code.ORG_UNKNOWN, cell, value=value, message=f"党组织「{match.place.name}」已撤销，请改填现在的党组织。"
        )
        return None
    if match.place is not None:
        if match.is_number:
            matched = f"{match.place.name}（编码{match.place.code}）"
            row.report(Code.ORG_FUZZY, "org_code", value=code, matched=matched)
        elif match.is_fuzzy:
            row.report(Code.ORG_FUZZY, cell, value=value, matched=match.place.name)
        return match.place
    if match.contradicts:
        both = directory.listed(match.candidates)
        message = f"党组织编码「{code}」和名称「{name}」不是同一个党组织：{both}。请改正其中一项。"
        row.report(Code.ORG_AMBIGUOUS, cell, value=value, message=message)
    elif match.candidates:
        row.report(Code.ORG_AMBIGUOUS, cell, value=value, candidates=directory.listed(match.candidates))
    else:
        row.report(Code.ORG_OUT_OF_SCOPE if match.out_of_scope else Code.ORG_UNKNOWN, cell, value=value)
    return None

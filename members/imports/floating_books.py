"""What the books hold about the people whom a ledger of floating members names, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef

from members.duplicates import merged_numbers
from members.imports.floating_people import INSIDER, Direction, Insider, Known, Meant, Stay
from members.imports.masked import STAR
from members.models import Affiliation, Guest, Member, Standing, id_number_index
from orgs import paths
from orgs.enums import StandingKind
from orgs.importing.batching import in_chunks
from orgs.importing.directory import Directory, Place
from orgs.importing.rows import Missing, Scope


class FloatingBooks:
    """Who belongs to the scope, who has which number, and who is registered as out or in now."""

    def __init__(self, meant: Iterable[Meant], directory: Directory, scope: Scope):
        self._directory = directory
        meant = list(meant)
        rows = [each.row for each in meant]
        numbers = {number for row in rows if (number := row.get("id_number")) and STAR not in number}
        self._indexes = {number: id_number_index(number) for number in numbers}
        self._named_out = [each.place for each in meant if each.direction == Direction.OUT]
        self._named_in = {each.place.pk for each in meant if each.direction == Direction.IN}
        self._read_insiders({row.values["name"] for row in rows}, scope)
        self._read_known()
        self._read_away({each.member for each in self._by_index.values()} | self._by_member)
        self._read_stays()

    def _read_insiders(self, names: set[str], scope: Scope) -> None:
        self._by_index: dict[str, Insider] = {}
        self._by_name: dict[str, list[Insider]] = defaultdict(list)
        opened = Affiliation.objects.regular().filter(until__isnull=True)
        opened = opened.filter(paths.subtree(scope.organization.path, "organization__path"))
        for part in in_chunks(set(self._indexes.values())):
            for each in self._inside(opened.filter(member__id_number_index__in=part)):
                self._by_index[each.number_index] = each
        for part in in_chunks(names):
            for each in self._inside(opened.filter(member__name__in=part)):
                self._by_name[each.name].append(each)
        self._by_member = {each.member for group in self._by_name.values() for each in group}

    def _inside(self, affiliations) -> Iterable[Insider]:
        for values in affiliations.order_by("member_id").values_list(*INSIDER):
            each = Insider(*values)
            if each.organization in self._directory.places:
                yield each

    def _read_known(self) -> None:
        self._known: dict[str, Known] = {}
        people: dict[int, tuple[str, str]] = {}
        homes: dict[int, int] = {}
        for part in in_chunks(set(self._indexes.values())):
            for pk, index, name in Member.objects.filter(id_number_index__in=part).values_list(
                "pk", "id_number_index", "name"
            ):
                people[pk] = index, name
        # Numbers that a merge of two entries found to be wrong, and that nobody has.
        self._slips: set[str] = set()
        for part in in_chunks(set(self._indexes.values()) - {index for index, _ in people.values()}):
            self._slips |= merged_numbers(part)
        for part in in_chunks(people):
            opened = Affiliation.objects.regular().filter(member__in=part, until__isnull=True)
            homes.update(opened.values_list("member_id", "organization_id"))
        for pk, (index, name) in people.items():
            self._known[index] = Known(pk, name, homes.get(pk))

    def _read_away(self, members: set[int]) -> None:
        """Who is away now, of the people named and of the organizations named; and when others came back last."""
        self._standings: dict[int, Standing] = {}
        self._last_out: dict[int, date] = {}
        self._away: list[tuple[Standing, int]] = []
        floating = Standing.objects.filter(kind=StandingKind.FLOATING)
        for part in in_chunks(members):
            for standing in floating.filter(member__in=part).order_by("id"):
                if standing.until is None:
                    self._standings[standing.member_id] = standing
                else:
                    self._last_out[standing.member_id] = max(
                        standing.until, self._last_out.get(standing.member_id, standing.until)
                    )
        places = self._subtrees()
        for part in in_chunks(places):
            here = Affiliation.objects.regular().filter(organization__in=part, until__isnull=True)
            homes = dict(
                here.filter(Exists(floating.filter(member=OuterRef("member"), until__isnull=True))).values_list(
                    "member_id", "organization_id"
                )
            )
            rows = floating.filter(member__in=homes, until__isnull=True).select_related("member")
            self._away += [
                (standing, homes[standing.member_id]) for standing in rows.order_by("member__sort_key", "id")
            ]

    def _subtrees(self) -> set[int]:
        """Everything at or under the organizations whose people out the roster names."""
        tops = {place.path for place in self._named_out}
        return {
            pk
            for pk, place in self._directory.places.items()
            if any(place.path[:length] in tops for length in range(paths.WIDTH, len(place.path) + 1, paths.WIDTH))
        }

    def _read_stays(self) -> None:
        self._stays: list[Stay] = []
        self._last_in: dict[tuple[int, int], date] = {}
        keeps = Affiliation.objects.regular().filter(member=OuterRef("affiliation__member"))
        for part in in_chunks(self._named_in):
            rows = Guest.objects.filter(affiliation__organization__in=part, affiliation__voided_at__isnull=True)
            rows = rows.filter(
                ~Exists(keeps.filter(organization=OuterRef("affiliation__organization"), until__isnull=True))
            )
            rows = rows.select_related("affiliation__member").annotate(has_home=Exists(keeps))
            for guest in rows.order_by("affiliation__member__sort_key", "id"):
                stay = guest.affiliation
                if stay.until is None:
                    self._stays.append(Stay(guest, not guest.has_home))
                    continue
                key = stay.member_id, stay.organization_id
                self._last_in[key] = max(stay.until, self._last_in.get(key, stay.until))

    def insider(self, number: str) -> Insider | None:
        """Who has a full ID number and belongs to the scope."""
        return self._by_index.get(self._indexes[number])

    def insiders_named(self, name: str, place: Place) -> list[Insider]:
        """The people of a name whose 组织关系 is at or under a place."""
        return [each for each in self._by_name.get(name, ()) if self.is_at(each, place)]

    def is_at(self, person: Insider, place: Place) -> bool:
        """Whether somebody's 组织关系 is at or under a place."""
        return paths.is_within(self._directory.places[person.organization].path, place.path)

    def name_of(self, organization: int) -> str:
        """The name of an organization of the scope."""
        return self._directory.places[organization].name

    def is_slip(self, number: str) -> bool:
        """Whether a merge of two entries found this full ID number, which nobody has, to be wrong."""
        return self._indexes[number] in self._slips

    def known(self, number: str) -> Known | None:
        """Who has a full ID number, wherever they are."""
        return self._known.get(self._indexes[number])

    def stay(self, member: int, place: Place) -> Stay | None:
        """The registered stay of a person at a place."""
        return next((each for each in self._stays if each.member.pk == member and self._is_here(each, place)), None)

    def stays_named(self, name: str, place: Place) -> list[Stay]:
        """The guests of a name who are registered at a place."""
        return [each for each in self._stays if each.member.name == name and self._is_here(each, place)]

    def _is_here(self, stay: Stay, place: Place) -> bool:
        return stay.affiliation.organization_id == place.pk

    def standing(self, member: int) -> Standing | None:
        """The open 外出流动 of a person."""
        return self._standings.get(member)

    def last_end_out(self, member: int) -> date | None:
        """When a person came back last."""
        return self._last_out.get(member)

    def last_end_in(self, member: int | None, place: Place) -> date | None:
        """When a guest left a place last."""
        return self._last_in.get((member, place.pk)) if member is not None else None

    def missing(self, meant: Iterable[Meant]) -> list[Missing]:
        """Who is registered, in the directions and at the organizations that the roster speaks of, but not named."""
        meant = list(meant)
        out = {each.person.member for each in meant if each.person is not None}
        stays = {each.stay.guest.pk for each in meant if each.stay is not None}
        return [
            *(
                Missing(str(standing.member.uid), f"{standing.member.name}（流出）", self.name_of(home))
                for standing, home in self._away
                if standing.member_id not in out
            ),
            *(
                Missing(
                    str(each.guest.uid), f"{each.member.name}（流入）", self.name_of(each.affiliation.organization_id)
                )
                for each in self._stays
                if each.guest.pk not in stays
            ),
        ]

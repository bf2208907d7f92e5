"""疑似重复党员: two entries that are probably one person, because a slip made two numbers of one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from django.db.models import Count, F

from members.models import Affiliation, Identity, Member
from orgs.enums import Precision
from orgs.lookups import Values

# The last character only repeats the others (GB 11643-1999), so a slip shows in the first seventeen.
TELLING = 17
AREA = 6

ONE_DIGIT = "公民身份号码只差一位"
SWAPPED = "公民身份号码有相邻两位颠倒"
OTHER_AREA = "公民身份号码只有地区码不同"
NO_NUMBER = "其中一条没有登记公民身份号码"
SAME_PHONE = "联系电话相同"
SAME_PLACE = "组织关系在同一党支部"
SAME_BIRTH = "姓名、出生日期相同"
MERGED = "该公民身份号码在合并重复党员时已认定有误，请对照证件改正；确系正确的，请先撤销那次合并。"
NEAR_BIRTH = "姓名相同，出生日期只差一处"


@dataclass(frozen=True)
class Suspect:
    """Two entries of one name, `first` recorded before `second`, and what speaks for one person."""

    first: Member
    second: Member
    reasons: tuple[str, ...]

    @property
    def both(self) -> tuple[Member, Member]:
        """The two entries."""
        return self.first, self.second


def suspects(user, node) -> list[Suspect]:
    """The pairs of which one is kept at or under `node` and both may be changed by `user`, by name.

    A name alone is no suspicion, nor a name with a day of birth: something more must speak for it. A handful of
    queries whatever the rows; numbers are opened only for pairs of one name and of (nearly) one day of birth.
    """
    editable = Member.objects.editable_by(user).order_by()
    repeated = editable.values("name").annotate(entries=Count("pk")).filter(entries__gt=1).values("name")
    people = editable.filter(name__in=repeated, birth__isnull=False, birth_precision=Precision.DAY)
    here = set(people.kept_in((node.path,)).values_list("pk", flat=True))
    by_name: dict[str, list[tuple[int, date]]] = defaultdict(list)
    for key, name, birth in people.order_by("sort_key", "pk").values_list("pk", "name", "birth"):
        by_name[name].append((key, birth))
    near = [
        (one, other)
        for entries in by_name.values()
        for (one, born), (other, born_too) in combinations(entries, 2)
        if (one in here or other in here) and is_near(born, born_too)
    ]
    return list(_speaking(near))


def merged_numbers(indexes: Iterable[str]) -> set[str]:
    """Those of the blind indexes whose entry was merged into one with another number: the number was a slip."""
    merged = Identity.objects.filter(is_same=True, second__id_number_index__one_of=Values(indexes))
    merged = merged.exclude(first__id_number_index=F("second__id_number_index"))
    return set(merged.values_list("second__id_number_index", flat=True))


def is_near(born: date, other: date) -> bool:
    """Whether two days of birth are the same, or differ by what one slip does to a number."""
    return born == other or bool(slip(f"{born:%Y%m%d}", f"{other:%Y%m%d}"))


def slip(one: str, other: str) -> str:
    """What kind of slip makes `other` of `one` (digits of one length): a wrong digit or two swapped; empty for none."""
    differing = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(differing) == 1:
        return ONE_DIGIT
    if len(differing) == 2 and differing[1] == differing[0] + 1:
        first, second = differing
        if (one[first], one[second]) == (other[second], other[first]):
            return SWAPPED
    return ""


def number_reason(one: str, other: str) -> str:
    """What two ID numbers (18 characters, either may be empty) say for one person; empty when nothing."""
    if not one or not other:
        return NO_NUMBER
    if found := slip(one[:TELLING], other[:TELLING]):
        return found
    return OTHER_AREA if one[AREA:TELLING] == other[AREA:TELLING] else ""


def _speaking(near: list[tuple[int, int]]) -> Iterator[Suspect]:
    """Those of the pairs for which more speaks than the name and the birth, and of which nobody said otherwise."""
    keys = {key for pair in near for key in pair}
    told = set(Identity.objects.filter(first__in=keys, is_same=False).values_list("first", "second"))
    people = Member.objects.in_bulk(keys)
    opened = Affiliation.objects.regular().filter(member__in=keys, until__isnull=True)
    homes = dict(opened.values_list("member", "organization"))
    for pair in near:
        first, second = sorted(pair)
        if (first, second) in told or (second, first) in told:
            continue
        if reasons := _reasons(people[first], people[second], homes):
            yield Suspect(people[first], people[second], reasons)


def _reasons(first: Member, second: Member, homes: dict[int, int]) -> tuple[str, ...]:
    number = number_reason(first.reveal_id_number(), second.reveal_id_number())
    found = [number] if number else []
    if first.birth != second.birth:
        # The day of birth stands in the number: only one slip may have made both differences.
        return (NEAR_BIRTH, number) if number in (ONE_DIGIT, SWAPPED) else ()
    if first.phone_sealed and second.phone_sealed and first.reveal_phone() == second.reveal_phone():
        found.append(SAME_PHONE)
    if first.pk in homes and homes[first.pk] == homes.get(second.pk):
        found.append(SAME_PLACE)
    return (SAME_BIRTH, *found) if found else ()

"""The tree: places, codes, and what stands under what."""

from collections.abc import Iterator

from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.db.models.functions import Concat, Length, Right, Substr, Trim, Upper

from orgs import paths, tree
from orgs.checks.contradiction import Contradiction, named
from orgs.enums import Form, Kind
from orgs.models import Organization


def paths_of_parents() -> Iterator[Contradiction]:
    """The path of an organization, which gives its level, is its parent's and one segment; a root's is one segment."""
    rows = Organization.everything.annotate(
        segment=Right("path", paths.WIDTH),
        above=Length("path") - paths.WIDTH,
        joined=Concat("parent__path", Right("path", paths.WIDTH)),
    )
    fits = Q(parent__isnull=True, above=0) | Q(parent__isnull=False, path=F("joined"))
    fits &= Q(segment__regex=rf"^[{paths.ALPHABET}]{{{paths.WIDTH}}}$")
    # A comparison with no parent at all is neither true nor false to the database, and `exclude` would pass over it.
    wrong = rows.annotate(fits=Case(When(fits, then=True), default=False)).filter(fits=False).order_by("path")
    wrong = wrong.values_list("name", "code", "uid", "path", "parent__path")
    for name, code, uid, path, parent in wrong.iterator():
        yield Contradiction(
            "党组织",
            named(name, code, uid),
            f"路径为“{path}”，与上级的路径“{parent or ''}”不相接",
            "重新办理一次划转（先划到别处，再划回原上级），由系统重写路径",
        )


def paths_are_unique() -> Iterator[Contradiction]:
    """No two organizations stand in one place."""
    for path, number in _doubled(Organization.everything.all(), "path"):
        yield Contradiction(
            "党组织", f"（路径 {path}）", f"有 {number} 个党组织使用同一路径", "保留一个，其余划转到别处后再划回"
        )


def roots_of_trees() -> Iterator[Contradiction]:
    """Every organization stands under a root, so that the trees together hold them all."""
    roots = Organization.everything.filter(parent__isnull=True, path=OuterRef("first"))
    lost = Organization.everything.annotate(first=Substr("path", 1, paths.WIDTH)).filter(~Exists(roots))
    # A path that does not fit its parent's is told above; here the parents agree and end nowhere.
    lost = lost.filter(parent__isnull=False, path=Concat("parent__path", Right("path", paths.WIDTH)))
    for name, code, uid in lost.values_list("name", "code", "uid").iterator():
        yield Contradiction(
            "党组织", named(name, code, uid), "不在任何最上级党组织之下", "从备份恢复所缺的最上级党组织"
        )


def closed_above() -> Iterator[Contradiction]:
    """Nothing stands on under a closed organization."""
    standing = Organization.objects.filter(parent__closed_on__isnull=False).filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=F("parent__closed_on"))
    )
    columns = ("name", "code", "uid", "parent__name", "parent__closed_on")
    for name, code, uid, parent, day in standing.values_list(*columns).iterator():
        yield Contradiction(
            "党组织",
            named(name, code, uid),
            f"上级“{parent}”已于{day}撤销，它没有同时撤销或划转",
            "把它划转到现有的上级之下，或一并撤销",
        )


def places_that_fit() -> Iterator[Contradiction]:
    """Each kind stands under a kind that may hold it, and only branches have the forms of branches."""
    unfit = Q(form__in=tree.BRANCH_FORMS) & ~Q(kind=Kind.BRANCH)
    for kind, above in tree.MAY_STAND_UNDER.items():
        # A closed one stays where it stood, whatever its superior became afterwards.
        unfit |= Q(kind=kind, parent__isnull=False, closed_on__isnull=True) & ~Q(parent__kind__in=above)
    columns = ("name", "code", "uid", "kind", "form", "parent__name", "parent__kind")
    for name, code, uid, kind, form, parent, above in Organization.objects.filter(unfit).values_list(*columns):
        place = f"，设在{Kind(above).label}“{parent}”之下" if above else ""
        yield Contradiction(
            "党组织",
            named(name, code, uid),
            f"类别为{Kind(kind).label}、组织形式为“{Form(form).label}”{place}，不合设置规定",
            "核对类别、组织形式和上级，更正其中有误的一项",
        )


def codes_are_unique() -> Iterator[Contradiction]:
    """No two organizations share a code, not even but for its case or for blanks around it."""
    same = Organization.objects.exclude(code="").annotate(written=Upper(Trim("code")))
    for code, number in _doubled(same, "written"):
        yield Contradiction(
            "党组织",
            f"（编码 {code}）",
            f"有 {number} 个党组织使用这一编码（不分大小写和首尾空格）",
            "核对后改正其中的编码",
        )


def _doubled(rows, column: str):
    """(value, number of rows) of the values of a column that more than one row has."""
    return (
        rows.order_by()
        .values_list(column)
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
        .order_by(column)
        .iterator()
    )

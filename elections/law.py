"""The law that holds for an organization: the country's, with what the root of its tree has added to it."""

from functools import lru_cache

from django.db.models import QuerySet

from elections.models import CheckedProvision, LocalList, LocalValue
from elections.rules.parameters import CheckedRow, Law, LocalRow, with_checked, with_local
from elections.rules.parameters.lists import ItemList, ListRow, lists_with
from orgs import paths
from orgs.models import Organization
from orgs.prepared import Prepared


def law_for(organization: Organization) -> Law:
    """The law by which everything in the tree of `organization` is judged; two queries.

    Read anew each time, so that no process judges by yesterday's law: whoever shows a page loads it once (`Ledger.law`)
    and hands it on. Days before a local value are judged without it.
    """
    return _law_of(tuple(local_rows(organization)), tuple(checked_rows(organization)))


def local_rows(organization: Organization) -> list[LocalRow]:
    """The local values of the tree, as the law takes them."""
    return [LocalRow(*row[:-1], root=str(row[-1])) for row in LOCAL.rows(root=_root_of(organization))]


def checked_rows(organization: Organization) -> list[CheckedRow]:
    """The rules of the tree that somebody compared with their text, as the law takes them."""
    return [CheckedRow(*row) for row in CHECKED.rows(root=_root_of(organization))]


def lists_for(organization: Organization) -> tuple[ItemList, ...]:
    """The lists of the law with those that the root of the tree has published; one query."""
    rows = LocalList.objects.of_trees([organization.path]).order_by("since", "id")
    return lists_with(ListRow(each.name, each.since, each.lines, each.basis) for each in rows)


def _root_of(organization: Organization) -> str:
    return organization.path[: paths.WIDTH]


def _local(root: str) -> QuerySet:
    rows = LocalValue.objects.of_trees([root]).order_by("since", "id")
    return rows.values_list("parameter", "since", "value", "basis", "root__uid")


def _checked(root: str) -> QuerySet:
    rows = CheckedProvision.objects.of_trees([root]).order_by("on", "id")
    return rows.values_list("rule_id", "document", "article", "by__name", "on")


# Every page asks for them, in the same words.
LOCAL, CHECKED = (Prepared(build, root="?" * paths.WIDTH) for build in (_local, _checked))


@lru_cache(maxsize=64)
def _law_of(local: tuple[LocalRow, ...], checked: tuple[CheckedRow, ...]) -> Law:
    """The law made of these very rows: the same for the same rows, whoever asks and whenever."""
    return with_checked(with_local(Law.builtin(), local), checked)

"""The law that holds for an organization: the country's, with what the root of its tree has added to it."""

from functools import lru_cache

from elections.models import CheckedProvision, LocalList, LocalValue
from elections.rules.parameters import CheckedRow, Law, LocalRow, with_checked, with_local
from elections.rules.parameters.lists import ItemList, ListRow, lists_with
from orgs.models import Organization


def law_for(organization: Organization) -> Law:
    """The law by which everything in the tree of `organization` is judged; two queries.

    Read anew each time, so that no process judges by yesterday's law: whoever shows a page loads it once (`Ledger.law`)
    and hands it on. Days before a local value are judged without it.
    """
    return _law_of(tuple(local_rows(organization)), tuple(checked_rows(organization)))


def local_rows(organization: Organization) -> list[LocalRow]:
    """The local values of the tree, as the law takes them."""
    rows = LocalValue.objects.of_trees([organization.path])
    values = rows.order_by("since", "id").values_list("parameter", "since", "value", "basis", "root__uid")
    return [LocalRow(*row[:-1], root=str(row[-1])) for row in values]


def checked_rows(organization: Organization) -> list[CheckedRow]:
    """The rules of the tree that somebody compared with their text, as the law takes them."""
    rows = CheckedProvision.objects.of_trees([organization.path]).order_by("on", "id")
    return [CheckedRow(*row) for row in rows.values_list("rule_id", "document", "article", "by__name", "on")]


def lists_for(organization: Organization) -> tuple[ItemList, ...]:
    """The lists of the law with those that the root of the tree has published; one query."""
    rows = LocalList.objects.of_trees([organization.path]).order_by("since", "id")
    return lists_with(ListRow(each.name, each.since, each.lines, each.basis) for each in rows)


@lru_cache(maxsize=64)
def _law_of(local: tuple[LocalRow, ...], checked: tuple[CheckedRow, ...]) -> Law:
    """The law made of these very rows: the same for the same rows, whoever asks and whenever."""
    return with_checked(with_local(Law.builtin(), local), checked)

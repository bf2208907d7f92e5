"""What a district has added to the law, as the page 规则依据 shows it: values, lists, and who compared which text."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from elections.law import lists_for
from elections.models import CheckedProvision, LocalValue
from elections.rules.chapters import texts
from elections.rules.dated import ALWAYS
from elections.rules.parameters import Law, Status
from elections.rules.parameters.lists import ItemList
from orgs import paths
from orgs.days import spoken, written
from orgs.enums import Action
from orgs.models import Organization

ADDITIONS = (("localvalue", "设定地方值"), ("locallist", "发布地方清单"), ("checkedprovision", "登记原文核对"))


def local_sections(node: Organization, *, law: Law, user, today: date) -> dict:
    """Values, lists and checks of the tree of `node`, and where `user` may add to them; four queries."""
    return {
        "local": True,
        "values": _values(node, law, today),
        "lists": [_list(each, today) for each in lists_for(node)],
        "checks": _checks(node),
        "additions": _additions(node, user),
    }


def _values(node: Organization, law: Law, today: date) -> list[dict]:
    """Every local value, past, present and to come, the latest first under its number."""
    rows = list(LocalValue.objects.of_trees([node.path]).select_related("by").order_by("parameter", "-since"))
    numbers = dict(law.parameters())
    latest: dict[str, LocalValue] = {}
    for row in rows:
        if row.since <= today:
            latest.setdefault(row.parameter, row)
    return [
        {
            "title": row.title,
            "value": row.told,
            "since": spoken(row.since),
            "in_force": _in_force(row, latest.get(row.parameter), numbers[row.parameter].on(today), today),
            "basis": row.basis,
            "by": row.by.get_full_name(),
            "added_on": written(timezone.localdate(row.created_at)),
        }
        for row in rows
    ]


def _in_force(row: LocalValue, latest: LocalValue | None, entry, today: date) -> str:
    if row.since > today:
        return "尚未施行"
    if row != latest:
        return "已被替代"
    if row.value is None:
        return "已恢复全国规定"
    is_used = entry.status is Status.LOCAL and entry.value == row.value
    return "现行" if is_used else "全国规定更严，按全国规定"


def _list(found: ItemList, today: date) -> dict:
    """One list, the version in force or to come first."""
    versions = found.dated.values
    now = max((day for day, _ in versions if day <= today), default=ALWAYS)
    return {
        "title": found.title,
        "code": f"list-{found.name.value}",
        "versions": [
            {
                "since": f"{spoken(day)}起" if day != ALWAYS else "",
                "in_force": "现行" if day == now else "尚未施行" if day > today else "已被替代",
                "lines": each.lines,
                "none_words": "停止执行。" if day != ALWAYS else "全国没有统一清单，由各地发布。",
                "source": each.entry.citation,
                "standing": each.entry.standing,
                "is_open": each.entry.standing.endswith("待核"),
            }
            for day, each in reversed(versions)
        ],
    }


def _checks(node: Organization) -> list[dict]:
    """Who compared which rule with its text, the latest first."""
    titles = {each.key: "、".join(each.titles) for each in texts(Law.builtin())}
    rows = CheckedProvision.objects.of_trees([node.path]).select_related("by").order_by("-on", "-id")
    return [
        {
            "citation": f"{row.document}{row.article}",
            "titles": titles.get((row.rule_id, row.document), ""),
            "by": row.by.get_full_name(),
            "on": written(row.on),
            "note": row.note,
        }
        for row in rows
    ]


def _additions(node: Organization, user) -> list[dict]:
    """Where the user may add to the law of the tree; nothing for others."""
    root = node.path[: paths.WIDTH]
    if not user.is_staff or root not in user.paths_allowing(Action.APPROVE):
        return []
    return [{"words": words, "url": reverse(f"admin:elections_{model}_add")} for model, words in ADDITIONS]

"""Adding to the law of a tree: stricter values, lists, and rules compared with their text; nothing is ever edited.

Who approves at the root of the tree (组织部审批) does it, since a local value is policy of the whole district.
"""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from elections.law import local_rows
from elections.models import CheckedProvision, LocalList, LocalValue
from elections.models.law import TreeLaw
from elections.rules.chapters import texts
from elections.rules.parameters import Law, LocalRow, LocalValueRefused, admit
from elections.rules.parameters.lists import LISTS
from elections.rules.parameters.local import BasisMissing, ChangesThePast, Implausible, NotStricter
from orgs import audit
from orgs.enums import Action
from orgs.models import Organization
from orgs.scoping import require_right
from orgs.services.records import void

ADDED = ("since", "basis")
MOST_ITEMS_TEXT = LocalList._meta.get_field("items").max_length
# 第二十二条, 第三条第二款; the sections of the 任期意见 are numbered 一、二、三 alone.
ARTICLE = re.compile(r"第[一二三四五六七八九十百零]+条(第[一二三四五六七八九十]+款)?|[一二三四五六七八九十]+")
# Which box of the form a refusal of the law belongs to.
REFUSED_FIELDS = {NotStricter: "value", Implausible: "value", ChangesThePast: "since", BasisMissing: "basis"}


@transaction.atomic
def add_local_value(
    *, root: Organization, parameter: str, since: date, value: int | None, basis: str, by
) -> LocalValue:
    """Let a stricter value of a number hold in the tree of `root` from `since` on; None ends the one before.

    ValidationError, beside its field, for what `admit` refuses: a closed number, one that is not stricter, a past day.
    """
    root = _locked(root, by)
    existing = local_rows(root)
    row = LocalRow(parameter, since, value, basis.strip(), str(root.uid))
    try:
        admit(row, existing=existing, today=timezone.localdate())
    except LocalValueRefused as refusal:
        raise ValidationError({REFUSED_FIELDS.get(type(refusal), "parameter"): str(refusal)}) from None
    if value is None and not any(each.parameter == parameter for each in existing):
        raise ValidationError({"value": "这一项还没有地方值，请填写数值。"})
    added = LocalValue(root=root, parameter=parameter, since=since, value=value, basis=row.basis, by=by)
    return _added(added, kind="local_value.add", fields=("value", *ADDED), parameter=added.title)


@transaction.atomic
def add_local_list(*, root: Organization, name: str, since: date, items: str, basis: str, by) -> LocalList:
    """Publish a list, one item a line, for the tree of `root` from `since` on; no items end the one before."""
    root = _locked(root, by)
    if not any(each.name == name and each.is_open for each in LISTS):
        raise ValidationError({"name": "这一清单全国统一，不能另行发布。"})
    if since < timezone.localdate():
        raise ValidationError({"since": "清单只能从今天或者以后的日期起施行，不能改变以前的认定。"})
    existing = list(LocalList.objects.filter(root=root, name=name))
    if any(since <= each.since for each in existing):
        raise ValidationError({"since": "施行日期须晚于已发布的清单；已发布的清单不能更改。"})
    if not basis.strip():
        raise ValidationError({"basis": "请填写清单依据的文件名称和文号。"})
    if len(items) > MOST_ITEMS_TEXT:
        raise ValidationError({"items": f"清单内容不能超过{MOST_ITEMS_TEXT}字。"})
    added = LocalList(root=root, name=name, since=since, items=items, basis=basis.strip(), by=by)
    added.items = "\n".join(added.lines)
    if not added.items and not existing:
        raise ValidationError({"items": "还没有发布过这一清单，请填写各项内容。"})
    return _added(added, kind="local_list.add", fields=("name", "items", *ADDED))


@transaction.atomic
def check_provision(
    *, root: Organization, rule_id: str, document: str, article: str, on: date, note: str = "", by
) -> CheckedProvision:
    """Record that `by` compared a rule with the official text of `document` on the day `on` and found it in `article`.

    From then on the rule counts as read (已核原文) in the tree of `root`. A later check of the same rule replaces it.
    """
    root = _locked(root, by)
    article = article.strip()
    if (rule_id, document) not in {each.key for each in texts(Law.builtin())}:
        raise ValidationError({"rule_id": "这一项没有可以核对的原文。"})
    if not article and document.startswith("《"):
        raise ValidationError({"article": "请填写原文所在的条号。"})
    if article and not ARTICLE.fullmatch(article):
        raise ValidationError({"article": "请按“第二十二条”的样式填写条号。"})
    if on > timezone.localdate():
        raise ValidationError({"on": "核对日期不能晚于今天。"})
    added = CheckedProvision(root=root, rule_id=rule_id, document=document, article=article, on=on, note=note, by=by)
    return _added(added, kind="provision.check", fields=("document", "article", "on", "note"))


@transaction.atomic
def void_local(row: LocalValue | LocalList, *, reason: str, by) -> None:
    """Take back a value or list that does not hold yet; ValidationError from its first day on."""
    _locked(row.root, by)
    if row.since <= timezone.localdate():
        raise ValidationError("已经施行的不能作废：以前的认定不能改变。请从以后的日期起另行设定。")
    _void(row, reason, by)


@transaction.atomic
def withdraw_check(row: CheckedProvision, *, reason: str, by) -> None:
    """Take back a wrong check: the rule is to be compared again. No judgement of any day rests on it."""
    _locked(row.root, by)
    _void(row, reason, by)


def _locked(root: Organization, by) -> Organization:
    """The root, held so that two who add at once are admitted one after the other."""
    require_right(by, Action.APPROVE, root)
    if root.parent_id is not None:
        raise ValidationError({"root": "只能由一个区（最上级党组织）统一设定，不能只对下级设定。"})
    return Organization.objects.select_for_update().get(pk=root.pk)


def _added(row: TreeLaw, *, kind: str, fields: tuple[str, ...], **told):
    """Write the row and its event, which holds `fields` and what is `told` in words."""
    row.full_clean()
    row.save(force_insert=True)
    changes = audit.differences({}, {**told, **audit.values_of(row, fields)})
    audit.record_event(kind=kind, target=row, organization=row.root, by=row.by, changes=changes)
    return row


def _void(row: TreeLaw, reason: str, by) -> None:
    if not reason.strip():
        raise ValidationError("请填写作废原因。")
    void(row, by=by, reason=reason.strip(), organization=row.root)

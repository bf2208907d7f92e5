"""Rights, the log, and rows that were voided."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from orgs.checks.contradiction import Contradiction, of_uid
from orgs.models import AuditEvent, Grant, Organization, OrganizationUnit, User
from orgs.models.records import Record


def grants_on_closed() -> Iterator[Contradiction]:
    """A right over an organization ends with it at the latest."""
    rows = Grant.objects.filter(organization__closed_on__isnull=False).filter(
        Q(until__isnull=True) | Q(until__gt=F("organization__closed_on"))
    )
    columns = ("uid", "user__username", "organization__name", "organization__closed_on")
    for uid, user, name, day in rows.order_by("id").values_list(*columns).iterator():
        yield Contradiction(
            "授权",
            of_uid(uid),
            f"账号“{user}”的范围“{name}”已于{day}撤销，授权没有同时结束",
            "由安全管理员收回这项授权",
        )


def events_of_known_trees() -> Iterator[Contradiction]:
    """The tree an event of the log belongs to is on the books: else nobody may read the event."""
    known = Organization.everything.filter(pk=OuterRef("root_id"))
    lost = AuditEvent.objects.filter(~Exists(known), root_id__isnull=False)
    for uid, kind in lost.order_by("id").values_list("uid", "kind").iterator():
        yield Contradiction(
            "审计日志", of_uid(uid), f"事项“{kind}”所属的组织树不存在，谁也看不到它", "从备份恢复所缺的最上级党组织"
        )


def voided_targets(app: str) -> Iterator[Contradiction]:
    """No row of an app that counts points at a row that was voided (作废); the log and notes of what was done may."""
    owners = [each for each in apps.get_app_config(app).get_models() if _counts(each)]
    for owner in owners:
        alive = owner._base_manager.all()
        if issubclass(owner, Record):
            alive = alive.filter(voided_at__isnull=True)
        for field in owner._meta.concrete_fields:
            if not (field.is_relation and issubclass(field.related_model, Record)):
                continue
            pointing = alive.filter(**{f"{field.name}__voided_at__isnull": False})
            name = "uid" if hasattr(owner, "uid") else "pk"
            for own, target in pointing.order_by("pk").values_list(name, f"{field.name}__uid").iterator():
                yield Contradiction(
                    owner._meta.verbose_name,
                    of_uid(own),
                    f"所指的{field.verbose_name}（标识 {target}）已作废",
                    "改指正确的记录，或将它一并作废",
                )


def _counts(model: type[models.Model]) -> bool:
    return issubclass(model, Record) and not model.tells_the_past or model in (Grant, OrganizationUnit, User)


def voided_in_orgs() -> Iterator[Contradiction]:
    """Rows of this app point at no voided row."""
    yield from voided_targets(Organization._meta.app_label)

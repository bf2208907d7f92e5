"""The log of what was done: rows are added, never changed."""

import uuid

from django.conf import settings
from django.db import models

from orgs.enums import Action
from orgs.scoping import ScopedQuerySet


class AuditEventQuerySet(ScopedQuerySet):
    """Events of the trees whose log a user may read; nobody edits or deletes them."""

    scope_field = "root__path"
    read_action = Action.READ_AUDIT

    def editable_by(self, user):
        return self.none()

    def update(self, **values):
        raise TypeError("审计日志只能追加，不能修改。")

    def delete(self):
        raise TypeError("审计日志只能追加，不能删除。")


class AuditEvent(models.Model):
    """One thing that was done: by whom, when, to what, from which value to which."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("事项", max_length=40)
    target_type = models.CharField("对象类别", max_length=60)
    target_uid = models.UUIDField("对象标识", null=True, blank=True)
    root = models.ForeignKey(
        "orgs.Organization", models.PROTECT, verbose_name="所属组织树", null=True, blank=True, related_name="+"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="操作人", null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    # {field: [old, new]}; sealed columns only {field: "changed"}.
    changes = models.JSONField("变化", default=dict)
    # Given later by the sealer, so that no write has to wait for the one before it.
    seq = models.BigIntegerField("序号", null=True, blank=True, unique=True, editable=False)
    hash = models.CharField("校验值", max_length=64, null=True, blank=True, editable=False)  # noqa: DJ001 unsealed is NULL

    objects = models.Manager.from_queryset(AuditEventQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "审计日志"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["target_type", "target_uid"], name="orgs_auditevent_target")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("审计日志只能追加，不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("审计日志只能追加，不能删除。")

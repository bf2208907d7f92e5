"""What a step wrote, row by row: the base of the effects of imports and of operations."""

from django.db import models


class Effect(models.Model):
    """One row that was written, with its column values before and after: enough to put it back.

    `before` is null for a new row, `after` for one that was removed. A table without uids is noted under its integer
    key in the shape of a uid.
    """

    table = models.CharField("表", max_length=60)
    target_uid = models.UUIDField("记录标识")
    before = models.JSONField("原值", null=True, blank=True)
    after = models.JSONField("新值", null=True, blank=True)
    # Versions let undo see whether somebody changed the row since.
    version_before = models.PositiveIntegerField("原版本", null=True, blank=True)
    version_after = models.PositiveIntegerField("新版本")

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.table} {self.target_uid}"

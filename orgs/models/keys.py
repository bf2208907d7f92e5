"""Which data key this database was written with."""

from django.db import models


class DataKey(models.Model):
    """One data key that values in this database are sealed with; the key itself is never stored."""

    key_id = models.CharField("密钥标识", max_length=16, unique=True)
    since = models.DateTimeField("启用时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "数据密钥"

    def __str__(self):
        return self.key_id

"""What is known about a floating member's stay away from their branch (流动党员), out and in alike."""

from django.db import models

from members import idcard
from orgs import crypto


class Whereabouts(models.Model):
    """Columns of whoever lives away from the branch of their 组织关系; the contact is stored sealed, shown masked."""

    province = models.CharField("省份", max_length=60, blank=True)
    floating_reason = models.CharField("流动原因", max_length=100, blank=True)
    occupation = models.CharField("原职业", max_length=60, blank=True)
    # None: nobody has said.
    has_certificate = models.BooleanField("是否持有《流动党员活动证》", null=True, blank=True)
    contact_sealed = models.TextField("联系方式（密文）", blank=True, editable=False)

    class Meta:
        abstract = True

    def set_contact(self, contact: str) -> None:
        """Seal how to reach the person (empty clears it) into this row."""
        self.contact_sealed = crypto.seal(contact, **self._place)

    def reveal_contact(self) -> str:
        """How to reach the person; callers must hold the right to it."""
        return crypto.reveal(self.contact_sealed, **self._place)

    @property
    def masked_contact(self) -> str:
        """The contact as screens and exports show it, e.g. `154****0123`."""
        return idcard.mask_phone(self.reveal_contact())

    @property
    def _place(self) -> dict:
        return {"table": self._meta.db_table, "column": "contact", "uid": self.uid}

"""Forms of the page of a batch: what its columns are, why its open list is done; and which batches are listed."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from orgs.enums import BatchState, Labeled, RosterKind
from orgs.importing.preview import PreviewHead
from orgs.importing.roster import Roster
from orgs.jobs import AT_WORK
from orgs.models import ImportBatch
from orgs.redaction import redact
from orgs.workbook import title_key

LEFT_OUT = ("", "不导入")
# What may be an ID number or a phone with a slip in it.
NUMBERS = re.compile(r"\d{9,}[\dXx]")


class Standing(Labeled):
    """Which batches are listed."""

    AT_WORK = "at_work", "正在处理"
    WAITING = "waiting", "待确认"
    OPEN_LIST = "open_list", "有待改清单"
    APPLIED = "applied", "已导入"
    ENDED = "ended", "未导入"


STATES = {
    Standing.AT_WORK: AT_WORK,
    Standing.WAITING: (BatchState.CHECKED, BatchState.UNCHECKED, BatchState.FAILED),
    Standing.APPLIED: (BatchState.APPLIED,),
    Standing.ENDED: (BatchState.REJECTED, BatchState.UNDONE, BatchState.EXPIRED),
}


class BatchesForm(forms.Form):
    """Which batches a list shows; a wrong value shows all."""

    standing = forms.ChoiceField(required=False, choices=Standing.choices())
    kind = forms.ChoiceField(required=False, choices=RosterKind.choices())

    def chosen(self, name: str) -> str:
        """The value of a field; '' for none or a wrong one."""
        self.is_valid()
        return self.cleaned_data.get(name, "")

    def among(self, batches: QuerySet[ImportBatch]) -> QuerySet[ImportBatch]:
        """Those of the batches that were asked for."""
        if kind := self.chosen("kind"):
            batches = batches.filter(kind=kind)
        standing = self.chosen("standing")
        if standing == Standing.OPEN_LIST:
            return batches.with_open_list()
        return batches.filter(state__in=STATES[Standing(standing)]) if standing else batches


class ColumnsForm(forms.Form):
    """For each column that nobody is sure of: which field of the roster it is."""

    def __init__(self, head: PreviewHead, roster: type[Roster], data=None):
        super().__init__(data)
        self._keys: dict[str, str] = {}
        fields = [(name, column.column_name) for name, column in roster.fields.items()]
        samples = {title_key(each.title): each for each in head.unsure}
        known = {**{key: each.guess for key, each in samples.items()}, **head.mapping}
        for place, (key, guess) in enumerate(known.items()):
            name = f"column_{place}"
            self._keys[name] = key
            column = samples.get(key)
            shown = "、".join(NUMBERS.sub("[号码]", redact(text)) for text in column.samples) if column else ""
            self.fields[name] = forms.ChoiceField(
                label=column.title if column else key,
                required=False,
                choices=[LEFT_OUT, *fields],
                initial=guess,
                help_text=f"内容如：{shown}" if shown else "",
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def clean(self):
        chosen = [name for name in self.cleaned_data.values() if name]
        if len(chosen) != len(set(chosen)):
            raise ValidationError("同一个项目只能对应一列，请检查。")
        return self.cleaned_data

    def mapping(self) -> dict[str, str]:
        """{title key: field, or '' for a column to be left out}, of a valid form."""
        return {self._keys[name]: value for name, value in self.cleaned_data.items()}


class CloseListForm(forms.Form):
    """Why the rows of an open list need not be imported any more."""

    reason = forms.CharField(
        label="处理情况",
        max_length=200,
        error_messages={"required": "请写明处理情况，例如：已在系统中逐人登记。"},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

"""What may be asked of the ledger through an address."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from elections.finding_words import SEVERITIES, WITHOUT
from elections.imports import importer
from elections.ledger import DEFAULT_SORT, SORTS, Filters
from elections.rules.wording import TITLES
from orgs.days import FIRST_DAY
from orgs.enums import Kind, RosterKind, Severity, State, UnitType

ALL_ROWS = "all"
# Stands beside the severities: organizations that have no finding at all.
NO_FINDING = "none"


class LedgerForm(forms.Form):
    """Filters, order and page of the ledger; every field may be missing, a wrong one is told and left out."""

    q = forms.CharField(
        label="查找",
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "type": "search",
                "placeholder": "名称、编码、书记",
                "aria-label": "按名称、编码、书记查找",
                "autocomplete": "off",
                "data-hj-search": True,
            }
        ),
    )
    state = forms.MultipleChoiceField(label="状态", required=False, choices=State.choices())
    kind = forms.ChoiceField(
        label="类别",
        required=False,
        choices=[("", "全部类别"), *Kind.choices()],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    unit_type = forms.ChoiceField(
        label="单位",
        required=False,
        choices=[("", "全部单位"), *UnitType.choices()],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    due_from = forms.DateField(
        label="届满从", required=False, widget=forms.DateInput(attrs={"class": "form-control", "type": "date"})
    )
    due_to = forms.DateField(
        label="届满至", required=False, widget=forms.DateInput(attrs={"class": "form-control", "type": "date"})
    )
    inspection = forms.BooleanField(label="届满超过1年", required=False)
    finding = forms.ChoiceField(
        label="提示",
        required=False,
        choices=[("", "全部提示"), *((rule_id, f"{title}（{rule_id}）") for rule_id, title in sorted(TITLES.items()))],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    severity = forms.ChoiceField(
        label="提示程度",
        required=False,
        choices=[("", ""), *((each.value, words) for each, words in SEVERITIES.items()), (NO_FINDING, WITHOUT)],
    )
    sort = forms.CharField(label="排序", required=False, max_length=20)
    page = forms.IntegerField(label="页码", required=False, min_value=1, max_value=10**7)
    per = forms.ChoiceField(label="每页", required=False, choices=[("", ""), (ALL_ROWS, ALL_ROWS)])

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("due_from"), cleaned.get("due_to")
        if first and last and last < first:
            self.add_error("due_to", "截止日期早于起始日期。")
        return cleaned

    def clean_sort(self):
        # An old or mistyped column is no error worth a word: the usual order is shown.
        sort = self.cleaned_data["sort"]
        return sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT

    def filters(self) -> Filters:
        """The filters among the fields that are right."""
        asked = self.cleaned_data
        severity = asked.get("severity") or ""
        return Filters(
            states=tuple(State(code) for code in asked.get("state") or ()),
            kinds=(Kind(asked["kind"]),) if asked.get("kind") else (),
            unit_types=(UnitType(asked["unit_type"]),) if asked.get("unit_type") else (),
            due_from=asked.get("due_from"),
            due_to=asked.get("due_to"),
            text=asked.get("q") or "",
            inspection=bool(asked.get("inspection")),
            findings=(asked["finding"],) if asked.get("finding") else (),
            severities=(Severity(severity),) if severity not in ("", NO_FINDING) else (),
            without_findings=severity == NO_FINDING,
        )

    def kept(self) -> dict:
        """The parameters that say which rows, as an address carries them: without order and page."""
        asked = self.cleaned_data
        return {
            "q": asked.get("q"),
            "state": asked.get("state"),
            "kind": asked.get("kind"),
            "unit_type": asked.get("unit_type"),
            "due_from": asked.get("due_from"),
            "due_to": asked.get("due_to"),
            "inspection": "1" if asked.get("inspection") else None,
            "finding": asked.get("finding"),
            "severity": asked.get("severity"),
        }


class UploadForm(forms.Form):
    """One roster file with its day; the kind may be told from the titles."""

    kind = forms.ChoiceField(
        label="名册种类",
        required=False,
        choices=lambda: [("", "自动识别"), *((kind.value, RosterKind(kind).label) for kind in importer.by_kind)],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    on = forms.DateField(
        label="名册日期",
        help_text="名册反映哪一天的情况，一般是填表日期。",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )
    file = forms.FileField(
        label="名册文件",
        allow_empty_file=True,
        error_messages={"required": "请选择要上传的名册文件。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.et,.csv,.txt,.tsv,.html,.htm,.xml"}),
    )

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError("名册日期不能晚于今天。")
        if on < FIRST_DAY:
            raise ValidationError("名册日期有误，请核对年份。")
        return on

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise ValidationError("文件过大，单个文件不得超过 20 MB，请拆分后上传。")
        return file

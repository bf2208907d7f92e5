"""Forms of the admin: a service's refusal beside its field, foreign keys by uid, native date inputs."""

import uuid

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models

from orgs.enums import Precision


class ServiceForm(forms.ModelForm):
    """A form whose valid data goes to a service; carries the version that the user saw.

    `refusal` is the ValidationError of a service that refused the first attempt
    of this request: the form then shows it beside the fields it names.
    """

    refusal = None
    # {field a service names: field of this form}, where they differ.
    error_fields: dict[str, str] = {}
    # {date: its precision}: a date known to the month or year only is kept as the first day of it.
    imprecise_dates: dict[str, str] = {}
    seen_version = forms.IntegerField(label="版本", widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None or not hasattr(self.instance, "version"):
            self.fields.pop("seen_version", None)
        else:
            self.initial["seen_version"] = self.instance.version
        for name, field in self.fields.items():
            if isinstance(field, UidChoiceField) and self.instance.pk is not None:
                # The row itself, so that the field shows its uid and never its key.
                self.initial[name] = getattr(self.instance, name, None)

    def clean(self):
        cleaned = super().clean()
        for day, precision in self.imprecise_dates.items():
            if cleaned.get(day):
                cleaned[day] = _first_day(cleaned[day], cleaned.get(precision))
        for name, errors in _errors_by_field(self.refusal):
            name = self.error_fields.get(name, name)
            self.add_error(name if name in self.fields else None, errors)
        return cleaned

    def changed_values(self, *names) -> dict:
        """{field: new value} of the model's own columns that the user changed, of `names` only when given."""
        columns = {field.name for field in self._meta.model._meta.concrete_fields}
        return {
            name: self.cleaned_data[name]
            for name in self.changed_data
            if name in columns and (not names or name in names)
        }


def _first_day(day, precision):
    if precision == Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision == Precision.MONTH else day


def _errors_by_field(refusal) -> list:
    if refusal is None:
        return []
    if hasattr(refusal, "error_dict"):
        return list(refusal.error_dict.items())
    return [(None, refusal)]


class UidChoiceField(forms.ModelChoiceField):
    """A foreign key that a page names by uid."""

    default_error_messages = {"invalid_choice": "没有找到所选的内容：它可能不存在，或者不在您的管理范围内。"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, to_field_name="uid", **kwargs)


class UidMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Several related rows, named by uid."""

    default_error_messages = {"invalid_choice": "没有找到所选的内容：它可能不存在，或者不在您的管理范围内。"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, to_field_name="uid", **kwargs)


class _FedByUid:
    """Stock admin's choice by typing, fed from the model's own scoped address and by uids."""

    def __init__(self, field, admin_site, address: str, **kwargs):
        super().__init__(field, admin_site, **kwargs)
        self.address = address

    def get_url(self):
        return self.address

    def optgroups(self, name, value, attr=None):
        wanted = {each for each in map(_uuid_or_none, value) if each}
        options = (
            [] if self.is_required or self.allow_multiple_selected else [self.create_option(name, "", "", False, 0)]
        )
        for row in self.choices.queryset.filter(uid__in=wanted):
            options.append(self.create_option(name, str(row.uid), str(row), True, len(options)))
        return [(None, options, 0)]


class UidSelect(_FedByUid, AutocompleteSelect):
    """One row, chosen by typing."""


class UidSelectMultiple(_FedByUid, AutocompleteSelectMultiple):
    """Several rows, chosen by typing."""


def _uuid_or_none(text) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


class DayInput(forms.DateInput):
    """The browser's own date field: no script, no floating calendar."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%Y-%m-%d")


DATES_BY_BROWSER = {models.DateField: {"widget": DayInput}}

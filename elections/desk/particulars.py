"""Fields in which somebody types who a person is and how to reach them; numbers are sealed when they are stored."""

from django import forms

from elections.desk.task import TaskForm
from members.services.people import clean_id_number
from orgs.importing.values import clean_name


def sealed_text(
    *, label: str, max_length: int, required: bool = False, help_text: str = "加密保存。"
) -> forms.CharField:
    """A text that is stored sealed: the browser is not to offer it to whoever types next."""
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=max_length, required=required, widget=widget, help_text=help_text)


class IdentityForm(TaskForm):
    """Name and ID number, read as a roster's cells are."""

    name = forms.CharField(label="姓名", max_length=60)
    id_number = sealed_text(label="公民身份号码", max_length=18)

    def clean_name(self) -> str:
        typed = self.cleaned_data["name"]
        found = clean_name(typed) if typed else None
        if found is not None and found.value is None:
            raise forms.ValidationError("请填写姓名，不要含数字或者符号。")
        return found.value if found else ""

    def clean_id_number(self) -> str:
        try:
            return clean_id_number(self.cleaned_data["id_number"])
        except forms.ValidationError as refused:
            raise forms.ValidationError(refused.messages) from None

"""修改联系人: the smallest task, and the example for others."""

from django import forms

from elections.desk.task import Request, Task, TaskForm
from orgs.models import Organization
from orgs.operations import Watch
from orgs.services.records import save_changes

FIELDS = ("contact_name", "contact_phone")


class ContactForm(TaskForm):
    """Whom to call about the organization."""

    contact_name = forms.CharField(label="联系人", max_length=40, required=False)
    contact_phone = forms.CharField(label="联系电话", max_length=40, required=False)


class ChangeContact(Task):
    """Changes name and phone of the contact."""

    code = "contact"
    title = "修改联系人"
    group = "基本情况"
    hint = "只改联系人和联系电话，立即生效。"
    form_class = ContactForm

    def initial(self, organization: Organization) -> dict:
        return {name: getattr(organization, name) for name in FIELDS}

    def run(self, request: Request, watch: Watch) -> None:
        save_changes(
            request.organization,
            changes={name: request.data[name] for name in FIELDS},
            by=request.by,
            kind="organization.update",
            organization=request.organization,
        )

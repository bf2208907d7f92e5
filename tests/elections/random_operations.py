"""Random tasks of 「办理」 with random inputs on a small district, done as the page does them, and their undos."""

import datetime
import json
import random

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from elections.desk import doing
from elections.desk.registry import TASKS
from elections.desk.task import Request
from elections.services import terms
from orgs.enums import Kind, Role, UnitType
from orgs.models import Operation, Organization, User
from orgs.refusals import Refused
from tests.factories import (
    AffiliationFactory,
    GrantFactory,
    MemberFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    RosterConfirmationFactory,
    StreetFactory,
    UserFactory,
    user_at,
)
from tests.workbooks import id_number

# Everything random happens on this day or later, so that the ledger of the day before must stay as it was.
FIRST = datetime.date(2026, 1, 5)
EVE = FIRST - datetime.timedelta(days=1)
SURNAMES, GIVEN = "赵钱孙李周吴郑王", ("建国", "丽华", "志强", "秀英", "文静")


def district(chance: random.Random) -> tuple[User, User]:
    """A root with two streets, a 总支 with two branches and two more branches in each; the two officers of all."""
    root = RootFactory()
    officer, second = user_at(root, Role.APPROVER), user_at(root, Role.APPROVER)
    for _ in range(2):
        street = StreetFactory(parent=root)
        above = OrganizationFactory(parent=street, kind=Kind.GENERAL_BRANCH, unit_type=UnitType.COMMUNITY)
        branches = [OrganizationFactory(parent=above if each < 2 else street) for each in range(4)]
        for organization in (above, *branches):
            if chance.random() < 0.8:
                elected = datetime.date(2019 + chance.randrange(7), 1 + chance.randrange(12), 1)
                terms.record_term(organization=organization, elected_on=elected, by=officer)
                PostFactory(organization=organization, since=elected)
        for branch in branches:
            for _ in range(chance.randrange(2, 7)):
                name = chance.choice(SURNAMES) + chance.choice(GIVEN)
                AffiliationFactory(organization=branch, member=MemberFactory(name=name))
            if chance.random() < 0.7:
                RosterConfirmationFactory(organization=branch, on=datetime.date(2025, 6, 1))
        GrantFactory(user=UserFactory(organization=street), organization=chance.choice(branches), role=Role.BRANCH)
    return officer, second


class Sequence:
    """A run of random steps; `told` says each that was tried, for the reader of a failure."""

    def __init__(self, chance: random.Random, officers: tuple[User, User], tasks=TASKS):
        # Two of them, since weighty corrections need a second one.
        self.chance, self.officers, self.tasks = chance, officers, tasks
        self.officer = officers[0]
        self.told: list[str] = []
        self.done: list[str] = []
        self._made = 0

    def step(self) -> Operation | None:
        """One random task, or one time in four the undo of an earlier one; the operation when something was done."""
        self.officer = self.chance.choice(self.officers)
        self.officer.__dict__.pop("rights", None)
        open_operations = list(Operation.objects.done().filter(by__in=self.officers).order_by("pk"))
        if open_operations and self.chance.random() < 0.25:
            return self._undo(self.chance.choice(open_operations))
        return self._do()

    def _undo(self, operation: Operation) -> Operation | None:
        try:
            operation = doing.take_back(operation, by=self.officer)
        except (Refused, ValidationError) as refused:
            self.told.append(f"撤销“{operation.summary}”：不能（{_short(refused)}）")
            return None
        self.told.append(f"撤销“{operation.summary}”")
        self.done.append("undo")
        return operation

    def _do(self) -> Operation | None:
        task = self.chance.choice(self.tasks)
        organizations = Organization.objects.editable_by(self.officer).filter(closed_on__isnull=True)
        fitting = [
            each for each in organizations.order_by("pk") if task.offered(each) and not task.refusal(each, self.officer)
        ]
        if not fitting:
            return None
        organization = self.chance.choice(fitting)
        sent = self._inputs(task, organization)
        words = f"{task.title} {organization.name}({organization.uid}) {json.dumps(sent, ensure_ascii=False)}"
        try:
            token = doing.outlook(task, self._request(task, organization, sent), sent="").token
            operation = doing.do(task, self._request(task, organization, sent), sent="", token=token)
        except (ValidationError, Refused) as refused:
            self.told.append(f"{words}：不能（{_short(refused)}）")
            return None
        self.told.append(words)
        self.done.append(task.code)
        return operation

    def _request(self, task, organization: Organization, sent: dict) -> Request:
        """A request read anew, as each step of the page reads it. ValidationError when the form refuses its input."""
        organization = Organization.objects.get(pk=organization.pk)
        form = self._form(task, organization, sent)
        if not form.is_valid():
            raise ValidationError([each for errors in form.errors.values() for each in errors])
        return Request(organization, self.officer, form.cleaned_data)

    def _form(self, task, organization: Organization, sent: dict | None = None):
        return task.form_class(sent, initial=task.initial(organization), organization=organization, user=self.officer)

    def _inputs(self, task, organization: Organization) -> dict:
        """Something for every field of a task's form, as a browser sends it."""
        fields = self._form(task, organization).fields
        sent = {name: self._value(name, field) for name, field in fields.items() if not field.disabled}
        return {name: value for name, value in sent.items() if value not in (None, "", [])}

    def _value(self, name: str, field: forms.Field):
        chance = self.chance
        if isinstance(field, forms.ModelMultipleChoiceField):
            found = [str(each.uid) for each in field.queryset[:20]]
            return chance.sample(found, min(len(found), chance.randrange(1, 3)))
        if isinstance(field, forms.ModelChoiceField):
            found = [str(getattr(each, field.to_field_name or "pk")) for each in field.queryset[:20]]
            return chance.choice(found) if found else None
        if isinstance(field, forms.ChoiceField):
            if name.startswith("to_"):
                # Mostly to the first new branch, so that often nobody is forgotten.
                return chance.choice(["1", "1", "1", "2", ""])
            return chance.choice([value for value, _ in field.choices if value] or [None])
        if isinstance(field, forms.DateField):
            return (
                FIRST + datetime.timedelta(days=chance.randrange((timezone.localdate() - FIRST).days + 1))
            ).isoformat()
        if isinstance(field, forms.BooleanField):
            return chance.choice(["on", None])
        if isinstance(field, forms.FileField):
            return None
        if isinstance(field, forms.IntegerField):
            return chance.randrange(1, 9)
        return self._text(name, field)

    def _text(self, name: str, field: forms.Field) -> str | None:
        """Names are always new; codes, the third new branch and sometimes what may be left out are left out."""
        founds = name in ("name_1", "name_2")
        if "code" in name or name.endswith("_3") or not (field.required or founds or self.chance.random() < 0.7):
            return None
        self._made += 1
        if name == "id_number":
            return id_number(birth="19900101", order=f"{self._made % 1000:03d}")
        if name == "phone":
            return f"154{self._made:08d}"
        if name == "name":
            return self.chance.choice(SURNAMES) + self.chance.choice(GIVEN)
        words = f"虚构第{self._made}次党支部" if name.startswith("name") else f"虚构{self._made}号"
        return words[: field.max_length] if getattr(field, "max_length", None) else words


def _short(refused: Exception) -> str:
    return "；".join(refused.messages) if isinstance(refused, ValidationError) else str(refused)

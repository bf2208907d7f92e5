"""Fields and forms of tasks that name another organization or give people to new ones."""

from django import forms

from elections.desk.task import DatedTaskForm
from elections.desk.watch import people_of
from elections.services.reorganization import NewBranch
from members.models import Member
from orgs.enums import Form, Kind
from orgs.models import Organization, User

# A longer list is cut to the organizations beside this one; others are named by their code.
MOST = 300
NOT_FOUND = "没有找到这个编码的党组织，或者它不在您的管理范围内，请核对。"
# How many branches can be founded in one step.
BRANCHES = 3


class OrganizationChoice(forms.ModelChoiceField):
    """One organization, sent as its uid; told by name and superior."""

    def __init__(self, **kwargs):
        super().__init__(Organization.objects.none(), to_field_name="uid", **kwargs)
        self.error_messages["invalid_choice"] = "请从列表中选择。"

    def label_from_instance(self, organization: Organization) -> str:
        parent = organization.parent
        return f"{organization.name}（{parent.name}）" if parent else organization.name


class OrganizationsChoice(forms.ModelMultipleChoiceField):
    """Several organizations, sent as their uids."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(Organization.objects.none(), to_field_name="uid", **kwargs)
        self.error_messages["invalid_choice"] = self.error_messages["invalid_pk_value"] = "请从列表中选择。"

    def label_from_instance(self, organization: Organization) -> str:
        return organization.name


def editable(user: User, organization: Organization, **conditions):
    """Other organizations that exist today and that `user` may change."""
    found = Organization.objects.editable_by(user).filter(closed_on__isnull=True, **conditions)
    return found.exclude(pk=organization.pk).select_related("parent").order_by("path")


def neighbors(user: User, organization: Organization, **conditions):
    """Those of `editable` that a list can show: all, or where they are too many the ones beside it."""
    found = editable(user, organization, **conditions)
    return found.filter(parent=organization.parent) if found.count() > MOST else found


class OtherForm(DatedTaskForm):
    """A task that needs one other organization: from the list, or by its code."""

    other = OrganizationChoice(label="党组织", required=False)
    other_code = forms.CharField(
        label="或填统一编码", max_length=40, required=False, help_text="不在列表中的，可以填它的统一编码。"
    )
    is_needed = True

    field_order = ("other", "other_code")

    def conditions(self) -> dict:
        """What the other organization must be, as conditions of a queryset; for subclasses."""
        return {}

    def prepare(self) -> None:
        self.fields["other"].queryset = neighbors(self.user, self.organization, **self.conditions())

    def clean(self):
        cleaned = super().clean()
        code, chosen = (cleaned.get("other_code") or "").strip(), cleaned.get("other")
        if code:
            named = editable(self.user, self.organization, **self.conditions()).filter(code=code).first()
            if named is None:
                self.add_error("other_code", NOT_FOUND)
            elif chosen is not None and chosen != named:
                self.add_error("other_code", "列表中选的和编码填的不是同一个党组织。")
            else:
                cleaned["other"] = named
        elif chosen is None and self.is_needed and "other" not in self.errors:
            self.add_error("other", "请选择党组织，或填写它的统一编码。")
        return cleaned


# Branches that may hold 组织关系 (members.services.affiliations has the last word).
TAKES_PEOPLE = {"kind": Kind.BRANCH, "form__in": [Form.ORDINARY, Form.JOINT, Form.MOBILE]}


class FoundingForm(DatedTaskForm):
    """A task that founds branches and gives each of the people here to one of them, or leaves them."""

    # What a person left to nothing is told as; empty where everybody must go somewhere.
    stays = "留在原党支部"

    def prepare(self) -> None:
        for number in range(1, BRANCHES + 1):
            self.fields[f"name_{number}"] = forms.CharField(
                label=f"新设党支部 {number} 的名称", max_length=120, required=False
            )
            self.fields[f"code_{number}"] = forms.CharField(
                label=f"新设党支部 {number} 的统一编码", max_length=40, required=False
            )
        stays = [("", self.stays or "请选择")]
        choices = [*stays, *((str(number), f"新设党支部 {number}") for number in range(1, BRANCHES + 1))]
        self.people = people_of(self.organization)
        for member in self.people:
            field = forms.ChoiceField(label=member.name, choices=choices, required=not self.stays)
            field.initial, field.is_narrow = "" if self.stays else "1", True
            self.fields[f"to_{member.uid}"] = field

    def clean(self):
        cleaned = super().clean()
        named = [number for number in range(1, BRANCHES + 1) if (cleaned.get(f"name_{number}") or "").strip()]
        for member in self.people:
            chosen = cleaned.get(f"to_{member.uid}")
            if chosen and int(chosen) not in named:
                self.add_error(f"to_{member.uid}", f"请先填写新设党支部 {chosen} 的名称。")
        cleaned["branches"] = [
            NewBranch(
                name=cleaned[f"name_{number}"].strip(),
                code=(cleaned.get(f"code_{number}") or "").strip(),
                members=tuple(each for each in self.people if cleaned.get(f"to_{each.uid}") == str(number)),
            )
            for number in named
        ]
        return cleaned

    def members(self) -> list[Member]:
        """The people whose rows may be written."""
        return self.people

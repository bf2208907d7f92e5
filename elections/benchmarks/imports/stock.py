"""The same roster through django-import-export as its documentation shows it: a ModelResource and `import_data`.

It makes the same members, with the same sealing of their numbers, and their affiliations. It checks no rule, keeps no
preview, notes no effects: whoever used it as it comes would have that much.
"""

import tablib
from import_export import fields, resources, widgets

from members.models import Affiliation, Member, id_number_index
from orgs.enums import MemberKind, Sex
from orgs.models import Organization
from orgs.sortkey import person_sort_key

DAY, KEY = "%Y-%m-%d", "id_number_index"


class LabelWidget(widgets.Widget):
    """A word of a closed list."""

    def __init__(self, choices):
        super().__init__()
        self.choices = choices

    def clean(self, value, row=None, **kwargs):
        """The value of a label."""
        return self.choices.from_label(value)


class MemberResource(resources.ModelResource):
    """One member per row, found again by the blind index of the ID number."""

    name = fields.Field(attribute="name", column_name="姓名")
    sex = fields.Field(attribute="sex", column_name="性别", widget=LabelWidget(Sex))
    ethnicity = fields.Field(attribute="ethnicity", column_name="民族")
    education = fields.Field(attribute="education", column_name="学历")
    kind = fields.Field(attribute="kind", column_name="人员类别", widget=LabelWidget(MemberKind))
    joined_on = fields.Field(attribute="joined_on", column_name="入党日期", widget=widgets.DateWidget(DAY))
    formal_on = fields.Field(attribute="formal_on", column_name="转正日期", widget=widgets.DateWidget(DAY))
    work_unit = fields.Field(attribute="work_unit", column_name="工作单位")
    id_number_index = fields.Field(attribute=KEY, column_name=KEY)

    class Meta:
        model = Member
        fields = (
            "name", "sex", "ethnicity", "education", "kind", "joined_on", "formal_on", "work_unit", KEY,
        )  # fmt: skip
        import_id_fields = (KEY,)

    def before_import(self, dataset, **kwargs):
        """The key by which a person is found again, as a column of its own."""
        if KEY not in dataset.headers:
            dataset.append_col([id_number_index(number) for number in dataset["公民身份号码"]], header=KEY)

    def before_save_instance(self, instance, row, **kwargs):
        """The sealed numbers and the sort key."""
        number = row["公民身份号码"]
        instance.birth = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        instance.sort_key = person_sort_key(instance.name)
        instance.set_id_number(number)
        instance.set_phone(row["联系电话"])

    def after_save_instance(self, instance, row, **kwargs):
        """The affiliation."""
        organization = Organization.objects.get(code=row["党组织编码"])
        Affiliation.objects.get_or_create(member=instance, organization=organization, until=None)


def import_roster(data: bytes) -> None:
    """A dry run first and then in earnest, as the documentation's example does."""
    resource = MemberResource()
    dataset = tablib.Dataset().load(data.decode("utf-8-sig"), format="csv")
    result = resource.import_data(dataset, dry_run=True)
    if result.has_errors() or result.has_validation_errors():
        raise ValueError([*result.base_errors, *result.row_errors(), *result.invalid_rows])
    resource.import_data(dataset, dry_run=False)

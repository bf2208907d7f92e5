"""What a user may read of findings, in words: for screens, files and programs alike."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from elections.rules.findings import Finding
from elections.rules.wording import TITLES, sentence
from orgs import paths
from orgs.enums import Action, Severity
from orgs.models import Organization, Unit
from orgs.models.organization import OrganizationUnit

SEVERITIES = {Severity.ERROR: "须处理", Severity.WARNING: "提醒", Severity.INFO: "说明"}
WITHOUT = "无提示"
NAMES_PEOPLE = frozenset({"holder", "holders"})


@dataclass(frozen=True)
class Reader:
    """Somebody who reads findings: where they see people (paths), and the names of the units they see."""

    people: tuple[str, ...]
    units: Collection[str]

    @classmethod
    def of(cls, user, *, under: Organization) -> "Reader":
        """The user as reader of what stands under a node; one query."""
        links = OrganizationUnit.objects.filter(paths.subtree(under.path, "organization__path"))
        units = Unit.objects.visible_to(user).filter(pk__in=links.values("unit"))
        return cls(user.paths_allowing(Action.READ_PEOPLE), set(units.order_by().values_list("name", flat=True)))

    def words(self, finding: Finding, organization: Organization) -> str:
        """The sentence, or what can be said of it without naming whom the reader does not see."""
        return words(finding, sees_people=self._sees_people(organization), units=self.units)

    def inputs(self, finding: Finding, organization: Organization) -> dict[str, object]:
        """The values it was judged by, as JSON takes them, without names the reader does not see."""
        hidden = set() if self._sees_people(organization) else set(NAMES_PEOPLE)
        if _hides_unit(finding, self.units):
            hidden.add("unit")
        return {name: _plain(value) for name, value in finding.inputs.items() if name not in hidden}

    def _sees_people(self, organization: Organization) -> bool:
        return any(paths.is_within(organization.path, each) for each in self.people)


def words(finding: Finding, *, sees_people: bool, units: Collection[str]) -> str:
    """The sentence; whoever may not see people reads none that names one, of units only those of `units` are named."""
    if not sees_people and NAMES_PEOPLE & set(finding.inputs):
        return f"{TITLES[finding.rule_id]}。涉及人员姓名，您的权限不含人员信息。"
    if _hides_unit(finding, units):
        return f"{TITLES[finding.rule_id]}。所涉单位由其他党组织登记，不显示名称。"
    return sentence(finding)


def _hides_unit(finding: Finding, units: Collection[str]) -> bool:
    return finding.inputs.get("unit", "") not in ("", *units)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value

"""The invented street of mixed files, and the ways in which a row can name one of its branches."""

from orgs.enums import Kind
from orgs.models import Organization
from tests import factories
from tests.zoo.mixing.entries import Entry, Trap, odd, wrong
from tests.zoo.mixing.layout import PLACE

STREET = "虚构街道党工委"
BRANCHES = {"虚构社区第一党支部": "YL0101", "虚构社区第二党支部": "YL0102", "虚构村党支部": "YL0103"}


def street() -> tuple[Organization, dict[str, Organization]]:
    """The street with its branches by name."""
    root = factories.RootFactory(code="YL")
    top = factories.StreetFactory(parent=root, code="YL01", name=STREET)
    return top, {
        name: factories.OrganizationFactory(parent=top, code=code, name=name, kind=Kind.BRANCH)
        for name, code in BRANCHES.items()
    }


def place_traps() -> dict[str, Trap]:
    """What can stand where a branch is named."""

    def with_party(entry: Entry) -> str:
        name = f"中共{entry.record[PLACE]}"
        entry.mean(**{PLACE: name})
        entry.told.add("ORG_FUZZY")
        return name

    return {
        "with 中共": odd(PLACE, with_party),
        "spaces in the branch": odd(PLACE, lambda entry: f" {entry.record[PLACE][:4]} {entry.record[PLACE][4:]}"),
        "line break in the branch": odd(PLACE, lambda entry: f"{entry.record[PLACE][:4]}\n{entry.record[PLACE][4:]}"),
        "no branch": wrong(PLACE, "ORG_EMPTY", lambda entry: "/"),
        "unknown branch": wrong(PLACE, "ORG_UNKNOWN", lambda entry: "虚构社区第九党支部"),
    }

"""The demo's rosters as downloads: the own part's alone, and only where there is a demo."""

import pytest
from django.urls import reverse

from elections.demo import samples
from orgs.enums import Role
from tests.factories import user_at


@pytest.fixture
def demo(district, settings, tmp_path):
    """The folder as `manage.py demo` fills it: a ledger, rosters of both streets, the floating members of one."""
    settings.VAR_DIR = tmp_path
    samples.folder().mkdir()
    names = {
        "党组织台账-云岭区.xlsx": district.root,
        "党员花名册-东湖街道党工委.xlsx": district.street_a,
        "流动党员台账-东湖街道党工委.xlsx": district.street_a,
        "党员花名册-和平街道党工委.xlsx": district.street_b,
    }
    for name, organization in names.items():
        (samples.folder() / name).write_bytes(f"{name[:4]} {organization.name}".encode())
    return district


def links(client) -> list[str]:
    """The files that the imports page offers."""
    return [sample["label"] for sample in client.get(reverse("imports")).context["samples"]]


def test_the_clerk_is_offered_the_own_street(as_clerk, demo):
    assert links(as_clerk) == ["党员花名册-东湖街道党工委.xlsx", "流动党员台账-东湖街道党工委.xlsx"]


def test_the_officer_is_offered_everything(as_officer, demo):
    assert links(as_officer) == [
        "党组织台账-云岭区.xlsx",
        "党员花名册-东湖街道党工委.xlsx",
        "流动党员台账-东湖街道党工委.xlsx",
        "党员花名册-和平街道党工委.xlsx",
    ]


def test_a_roster_is_downloaded_under_its_name(as_clerk, demo):
    there = reverse("import_sample", args=[demo.street_a.uid])

    replies = [as_clerk.get(there + asked) for asked in ("", "?kind=members", "?kind=floating")]

    assert [b"".join(reply.streaming_content).decode() for reply in replies] == [
        "党员花名 东湖街道党工委",
        "党员花名 东湖街道党工委",
        "流动党员 东湖街道党工委",
    ]
    assert replies[0]["Content-Disposition"].startswith("attachment; filename*=utf-8''")


@pytest.mark.parametrize("kind", ["terms", "organizations", "nonsense"])
def test_a_roster_that_a_street_does_not_have_is_not_found(as_clerk, demo, kind):
    there = reverse("import_sample", args=[demo.street_a.uid])

    assert as_clerk.get(there, {"kind": kind}).status_code == 404


def test_another_streets_roster_is_not_found(as_clerk, demo):
    assert as_clerk.get(reverse("import_sample", args=[demo.street_b.uid])).status_code == 404


def test_an_administrator_without_sight_of_people_is_offered_nothing(client, demo):
    client.force_login(user_at(demo.root, Role.ACCOUNT_ADMIN))

    assert links(client) == []
    assert client.get(reverse("import_sample", args=[demo.root.uid])).status_code == 404


def test_without_a_demo_there_is_nothing(as_officer, district):
    assert links(as_officer) == []
    assert as_officer.get(reverse("import_sample", args=[district.root.uid])).status_code == 404


def test_in_production_there_is_nothing(as_officer, demo, settings):
    settings.PRODUCTION = True

    assert links(as_officer) == []
    assert as_officer.get(reverse("import_sample", args=[demo.root.uid])).status_code == 404


def test_an_unknown_visitor_is_led_to_the_sign_in(client, demo):
    reply = client.get(reverse("import_sample", args=[demo.root.uid]))

    assert reply["Location"] == f"{reverse('login')}?next={reverse('import_sample', args=[demo.root.uid])}"

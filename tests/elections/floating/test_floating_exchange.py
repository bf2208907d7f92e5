"""流动党员台账 from outside: exported and read back, by the command, on the page."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from members.models import Guest, Standing
from members.services import receive_guest
from orgs.enums import Role
from tests import factories, workbooks
from tests.elections.floating.ledgers import (
    BRANCH,
    LI,
    ON,
    ZHAO,
    coming,
    confirm,
    exported,
    li_out,
    missing,
    out,
    outcome,
    problems,
    upload,
    zhao_in,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("unmasked", [True, False])
def test_what_was_written_is_exported_in_the_same_columns_and_comes_back_unchanged(street, branch, clerk, li, unmasked):
    confirm(upload(clerk, street, out(li_out()), coming(zhao_in())), clerk)
    receive_guest(organization=branch, name="冯丙水", by=clerk, contact="15400000014", remark="租住")

    title, rows = exported(clerk, street, unmasked=unmasked)
    batch = upload(clerk, street, (title, rows))

    assert (LI in str(rows), "15400000012" in str(rows)) == (unmasked, unmasked)
    assert [each[:3] for each in outcome(batch)] == [
        (2, "ok", "unchanged"),
        (3, "ok", "unchanged"),
        (4, "ok", "unchanged"),
    ]
    assert (problems(batch), missing(batch)) == ([], [])


def test_a_viewer_of_the_ledger_sees_no_floating_members_and_a_stranger_none(street, branch, clerk, li):
    confirm(upload(clerk, street, out(li_out()), coming(zhao_in())), clerk)
    stranger = factories.user_at(factories.StreetFactory(parent=street.parent))

    for user in (stranger, factories.user_at(street, Role.ACCOUNT_ADMIN)):
        assert exported(user, street, unmasked=True)[1][1:] == []


def test_the_command_writes_and_reports_masked(street, branch, clerk, li, tmp_path):
    file, report = tmp_path / "流动.xlsx", tmp_path / "out.json"
    file.write_bytes(workbooks.xlsx(out(li_out()), coming(zhao_in())))

    call_command("import_roster", "floating", file, user=clerk.username, on=ON, confirm=True, report=report)

    made = json.loads(report.read_text())
    assert (made["kind"], made["file_outcome"], made["counts"]["new"]) == ("floating", "import", 2)
    text = json.dumps(made, ensure_ascii=False)
    assert (ZHAO in text, "15400000012" in text) == (False, False)
    assert made["rows"][0]["record"] | {"certificate": ""} == {
        "direction": "流出",
        "name": "李明",
        "parent_name": "虚构街道党工委",
        "org_name": BRANCH,
        "occupation": "工人",
        "destination": "虚构省虚构市",
        "out_on": "2025-03-01",
        "province": "虚构省",
        "reason": "务工",
        "certificate": "",
        "affiliation_status": "正常",
    }
    assert (Standing.objects.count(), Guest.objects.count()) == (1, 1)


def test_the_page_offers_template_and_preview(client, street, branch, clerk, li):
    client.force_login(clerk)
    template = client.get(reverse("import_template", args=["floating"]))
    batch = upload(clerk, street, out(li_out()), coming(zhao_in()))

    assert template.status_code == 200
    assert client.get(reverse("import_batch", args=[batch.uid])).status_code == 200

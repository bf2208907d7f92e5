"""Rosters of several parts: pages, problems and repeated numbers across them, and runs of a check that cross."""

import datetime
import json
import zlib

import pytest

from elections import imports
from members.models import Affiliation, Member
from orgs import crypto
from orgs.enums import BatchState, Severity
from orgs.exporting import write_csv
from orgs.importing import checking, parts
from orgs.importing import preview as previews
from orgs.importing.plainrows import FINGERPRINT, fingerprint
from orgs.models import ImportEffect
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
TITLES = ("党组织编码", "姓名", "身份证号", "联系电话")
PEOPLE = parts.SIZE + 50


@pytest.fixture
def root():
    return factories.RootFactory(code="YL")


@pytest.fixture
def clerk(root):
    factories.OrganizationFactory(parent=root, code="YL01", name="虚构社区第一党支部")
    return factories.user_at(root)


def row(number, name="李明"):
    birth = datetime.date(1950, 1, 1) + datetime.timedelta(days=number)
    return ("YL01", name, workbooks.id_number(birth=f"{birth:%Y%m%d}", order="011"), "15400000001")


def arguments(clerk, rows):
    return {
        "data": write_csv(TITLES, rows),
        "file_name": "花名册.csv",
        "kind": "members",
        "organization": clerk.organization,
        "on": ON,
        "by": clerk,
    }


def errors_of(rows):
    return [issue for each in rows for issue in each.issues if issue.severity == Severity.ERROR]


def test_a_roster_of_several_parts_is_one_roster(root, clerk):
    people = [row(number) for number in range(PEOPLE)]

    batch = imports.upload(**arguments(clerk, [*people, row(0, name="赵芳"), ("YL01", "王建", "1", "")]))

    # The first row of people stands in row 2 of the file.
    total, bad = previews.page_of(batch, "status:error", 1)
    assert [part.rows for part in batch.parts.all()] == [parts.SIZE, 52]
    errors = [(each.row, each.code.value) for each in errors_of(bad)]
    assert (total, errors) == (2, [(PEOPLE + 2, "ID_DUP_NAME_DIFF"), (PEOPLE + 3, "ID_LENGTH")])
    assert errors_of(bad)[0].message == "该身份证号已登记在另一姓名下（第2行李明），请核对姓名和号码。"
    assert [each.number for each in previews.rows_of(batch)] == list(range(2, PEOPLE + 4))
    assert [each.number for each in previews.page_of(batch, "", 41, size=50)[1]] == list(range(2002, 2052))

    imports.confirm(batch=batch, partial=True, by=clerk)

    assert (Member.objects.count(), Affiliation.objects.count()) == (PEOPLE, PEOPLE)
    again = imports.upload(**arguments(clerk, people))
    assert (again.counts["unchanged"], again.counts["missing"]) == (PEOPLE, 0)
    shorter = imports.upload(**arguments(clerk, people[1:]))
    assert [each.uid for each in previews.head(shorter).missing] == [str(Member.objects.earliest("pk").uid)]
    imports.undo(batch=batch, by=clerk)
    assert (Member.objects.count(), Affiliation.objects.count()) == (0, 0)


def test_an_older_run_of_a_check_changes_nothing(root, clerk):
    batch = imports.importer.receive(**arguments(clerk, [row(1)]))
    older = checking.Run(batch)
    imports.importer.check(batch)

    with pytest.raises(checking.Superseded):
        older.reject_or_show("members", previews.PreviewHead("members"))

    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"]) == (BatchState.CHECKED, 1)
    assert [part.run for part in batch.parts.all()] == [batch.shown_run]
    with pytest.raises(imports.BatchClosed):
        imports.importer.check(batch)


def test_a_new_person_is_noted_by_a_fingerprint_of_every_column(root, clerk):
    imports.confirm(batch=imports.upload(**arguments(clerk, [row(1)])), partial=False, by=clerk)
    member = Member.objects.get()

    noted = ImportEffect.objects.get(target_uid=member.uid)

    assert (noted.before, noted.after) == (None, {FINGERPRINT: fingerprint(member)})
    member.remark = "改过"
    assert fingerprint(member) != noted.after[FINGERPRINT]


def test_a_preview_stored_before_columns_had_lines_of_their_own_is_read(root, clerk):
    batch = imports.upload(**arguments(clerk, [row(1), ("YL01", "王建", "1", "")]))
    now = list(previews.rows_of(batch))
    part = batch.parts.get()
    branch = root.children.get()
    plain = {
        "sheets": [0, 0],
        "numbers": [2, 3],
        "statuses": ["warning", "error"],
        "steps": ["new", ""],
        "organizations": [[branch.pk], [branch.pk]],
        "columns": {name: [each.record.get(name, "") for each in now] for name in now[0].record},
        "changes": {},
        "skipped": {},
        "issues": {str(place): [parts._plain(issue) for issue in each.issues] for place, each in enumerate(now)},
        "uids": {},
    }
    place = {"table": parts.TABLE, "column": parts.COLUMN, "uid": f"{batch.uid}.{part.run}.{part.number}"}
    part.sealed = crypto.seal_bytes(zlib.compress(json.dumps(plain).encode()), **place)
    part.save()

    assert list(previews.rows_of(batch)) == now
    imports.confirm(batch=batch, partial=True, by=clerk)
    assert [member.name for member in Member.objects.all()] == ["李明"]

"""修改联系人, and with it the three steps of every task: fill in, check, confirm; then undo."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections.desk.registry import BY_CODE
from orgs.enums import Role
from orgs.models import AuditEvent, Operation, Organization
from tests.factories import OrganizationFactory, StreetFactory, user_at
from tests.pages import Page
from tests.snapshots import books

pytestmark = pytest.mark.django_db
NEW = {"contact_name": "李秀英", "contact_phone": "0119-5550123"}


@pytest.fixture
def branch(street):
    return OrganizationFactory(
        parent=street, name="石桥社区党支部", contact_name="何丽华", contact_phone="0119-5550001"
    )


@pytest.fixture
def clerk(client, street):
    user = user_at(street, name="赵经办")
    client.force_login(user)
    return user


def address(branch) -> str:
    return reverse("task", args=[branch.uid, "contact"])


def check(client, branch, **sent):
    """The check page for what was filled in."""
    return client.post(address(branch), {**NEW, **sent, "step": "check"})


def confirm(client, branch, checked):
    """Sends the form of a check page as it stands, with its first button."""
    (form,) = [each for each in Page(address(branch), checked.content.decode()).forms if "token" in each.values]
    return client.post(form.action, form.data(step=["confirm"]))


def contact_of(branch) -> tuple[str, str]:
    fresh = Organization.objects.get(pk=branch.pk)
    return fresh.contact_name, fresh.contact_phone


def test_the_form_begins_with_what_is_on_the_books(client, clerk, branch):
    page = client.get(address(branch))

    assert page.context["form"].initial == {"contact_name": "何丽华", "contact_phone": "0119-5550001"}
    assert [step["is_current"] for step in page.context["steps"]] == [True, False, False]


def test_checking_shows_the_ledger_and_writes_nothing(client, clerk, branch):
    before = books(versions=True)

    page = check(client, branch)

    (comparison,) = page.context["outlook"].comparisons
    assert (comparison.name, comparison.is_same) == ("石桥社区党支部", True)
    assert "李秀英" not in page.content.decode().replace('value="李秀英"', "")
    assert books(versions=True) == before
    assert Operation.objects.count() == 0


def test_confirming_writes_and_leads_to_the_organization_with_a_link_to_the_operation(client, clerk, branch):
    reply = confirm(client, branch, check(client, branch))

    operation = Operation.objects.get()
    assert reply.url == reverse("organization", args=[branch.uid])
    assert contact_of(branch) == ("李秀英", "0119-5550123")
    assert (operation.kind, operation.organization, operation.by) == ("contact", branch, clerk)
    page = client.get(reply.url).content.decode()
    assert f'<a href="{reverse("operation", args=[operation.uid])}">' in page
    assert "已办理“修改联系人：石桥社区党支部”" in page


def test_the_page_of_the_operation_tells_old_and_new(client, clerk, branch):
    confirm(client, branch, check(client, branch))

    page = client.get(reverse("operation", args=[Operation.objects.get().uid]))

    (change,) = page.context["changes"]
    assert (change.done, change.table, change.row) == ("修改", "党组织", "石桥社区党支部")
    assert change.fields == [("联系人", "何丽华", "李秀英"), ("联系电话", "0119-5550001", "0119-5550123")]
    assert page.context["may_undo"] is True


def test_back_keeps_what_was_filled_in(client, clerk, branch):
    page = client.post(address(branch), {**NEW, "step": "back"})

    assert page.context["form"].data["contact_name"] == "李秀英"
    assert "outlook" not in page.context


def test_what_somebody_changed_meanwhile_is_shown_again_instead_of_overwritten(client, clerk, branch):
    checked = check(client, branch)
    Organization.objects.filter(pk=branch.pk).update(contact_name="孙志强", version=2)

    reply = confirm(client, branch, checked)

    assert reply.status_code == 409
    assert "核对之后，有关内容已被他人修改，没有保存任何内容。" in reply.content.decode()
    assert contact_of(branch) == ("孙志强", "0119-5550001")
    assert confirm(client, branch, reply).status_code == 302
    assert contact_of(branch) == ("李秀英", "0119-5550123")


def test_a_form_that_was_not_checked_is_checked_first(client, clerk, branch):
    (form,) = [
        each for each in Page(address(branch), check(client, branch).content.decode()).forms if "token" in each.values
    ]

    reply = client.post(form.action, form.data(step=["confirm"], contact_name=["孙志强"]))

    assert reply.status_code == 409
    assert contact_of(branch) == ("何丽华", "0119-5550001")


def test_the_same_confirm_twice_writes_once(client, clerk, branch):
    checked = check(client, branch)
    confirm(client, branch, checked)

    again = confirm(client, branch, checked)

    assert "填写的内容与现有记录一致" in again.content.decode()
    assert Operation.objects.count() == 1


def test_confirming_a_closing_twice_says_so_instead_of_not_found(client, clerk, branch):
    there = reverse("task", args=[branch.uid, "close"])
    checked = client.post(there, {"on": "2026-11-01", "step": "check"})
    (form,) = [each for each in Page(there, checked.content.decode()).forms if "token" in each.values]
    assert client.post(there, form.data(step=["confirm"])).status_code == 302

    again = client.post(there, form.data(step=["confirm"]))

    assert again.context["refusal"] == "这个党组织不适用这项办理，或者刚刚已经办理完毕，请查看办理记录。"
    assert Operation.objects.count() == 1


def test_undo_asks_once_more_and_restores_the_books(client, clerk, branch):
    before = books()
    confirm(client, branch, check(client, branch))
    operation = Operation.objects.get()
    there = reverse("operation_undo", args=[operation.uid])

    assert "确认撤销" in client.get(there).content.decode()
    assert contact_of(branch) == ("李秀英", "0119-5550123")
    reply = client.post(there, follow=True)

    assert "已撤销“修改联系人：石桥社区党支部”" in reply.content.decode()
    assert books() == before
    assert reply.context["may_undo"] is False
    assert client.get(there).status_code == 302
    kinds = AuditEvent.objects.filter(target_uid=operation.uid).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["operation.perform", "operation.undo"]


def test_why_it_cannot_be_undone_is_said_instead_of_the_button(client, clerk, branch):
    confirm(client, branch, check(client, branch))
    operation = Operation.objects.get()
    confirm(client, branch, check(client, branch, contact_name="孙志强"))

    page = client.get(reverse("operation", args=[operation.uid]))

    assert page.context["blocked"].reasons == ["党组织“石桥社区党支部”在办理后又被修改"]
    assert page.context["may_undo"] is False
    refused = client.post(reverse("operation_undo", args=[operation.uid]), follow=True)
    assert "不能撤销：党组织“石桥社区党支部”在办理后又被修改" in refused.content.decode()


def test_operations_of_a_node_are_listed_newest_first_with_those_below(client, clerk, street, branch):
    confirm(client, branch, check(client, branch))
    other = OrganizationFactory(parent=street, name="柳林社区党支部")
    confirm(client, other, check(client, other))

    page = client.get(reverse("operations", args=[street.uid]))
    own = client.get(reverse("operations", args=[branch.uid]))

    assert [line["operation"].summary for line in page.context["lines"]] == [
        "修改联系人：柳林社区党支部",
        "修改联系人：石桥社区党支部",
    ]
    assert [line["operation"].summary for line in own.context["lines"]] == ["修改联系人：石桥社区党支部"]


def test_the_organization_page_has_the_menu(client, clerk, branch):
    page = client.get(reverse("organization", args=[branch.uid]))

    tasks = {task["url"] for group in page.context["desk"]["groups"] for task in group["tasks"]}
    assert address(branch) in tasks


def test_the_menu_tells_apart_what_cannot_be_done_now_and_why(client, clerk, branch):
    desk = client.get(reverse("organization", args=[branch.uid])).context["desk"]

    offered = {task["title"] for group in desk["groups"] for task in group["tasks"]}
    assert "确定选举日" not in offered
    refusals = {task["title"]: task["refusal"] for task in desk["not_now"]}
    assert refusals["确定选举日"] == "没有正在进行的换届选举，请先启动换届。"


def test_unknown_tasks_are_not_found(client, clerk, branch):
    assert client.get(reverse("task", args=[branch.uid, "nothing"])).status_code == 404


def test_a_clerk_of_another_street_finds_nothing(client, clerk, street, branch):
    confirm(client, branch, check(client, branch))
    operation = Operation.objects.get()
    client.force_login(user_at(StreetFactory(parent=street.parent)))

    replies = [
        client.get(address(branch)),
        client.post(address(branch), {**NEW, "step": "check"}),
        client.get(reverse("operations", args=[branch.uid])),
        client.get(reverse("operation", args=[operation.uid])),
        client.post(reverse("operation_undo", args=[operation.uid])),
    ]

    assert [reply.status_code for reply in replies] == [404] * 5
    assert contact_of(branch) == ("李秀英", "0119-5550123")


def test_a_viewer_reads_operations_and_changes_nothing(client, clerk, street, branch):
    confirm(client, branch, check(client, branch))
    operation = Operation.objects.get()
    client.force_login(user_at(street, Role.VIEWER))

    page = client.get(reverse("operation", args=[operation.uid]))

    assert (page.status_code, page.context["may_undo"]) == (200, False)
    assert client.get(address(branch)).status_code == 403
    assert client.post(reverse("operation_undo", args=[operation.uid])).status_code == 403
    assert client.get(reverse("organization", args=[branch.uid])).context["desk"] is None


def test_queries_of_the_list_do_not_grow(client, clerk, street, branch):
    def cost(there):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(there).status_code == 200
        return len(captured)

    listing = reverse("operations", args=[street.uid])
    confirm(client, branch, check(client, branch))
    cost(listing)
    one = cost(listing)
    for name in ("孙志强", "周文斌"):
        confirm(client, branch, check(client, branch, contact_name=name))
    cost(listing)  # the message of the last step is read, and gone

    assert cost(listing) == one


def test_codes_of_tasks_are_those_of_the_registry():
    assert all(code == task.code for code, task in BY_CODE.items())

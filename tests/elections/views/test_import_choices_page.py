"""The lists of people to choose for: person by person without scripts, all at once, and what each side sees."""

import datetime

import pytest
from django.urls import reverse

from elections import imports as rosters
from members import services
from members.models import Affiliation, IntakeRequest, Member
from orgs.enums import Role
from orgs.exporting import write_csv
from orgs.models import ImportBatch, ImportChoice
from tests.factories import AffiliationFactory, MemberFactory, PostFactory, user_at
from tests.workbooks import id_number

DAY = datetime.date(2026, 11, 21)
TITLES = ["所在党支部", "姓名", "性别", "公民身份号码", "出生日期", "入党日期", "转正日期"]
ZHANG, LIU = (id_number(birth="19900101", order=order) for order in ("001", "003"))


def row(name="张伟", number=ZHANG, branch="石桥社区第一党支部"):
    return (branch, name, "男", number, "1990-01-01", "2010-07-01", "2011-07-01")


def batch_of(user, organization, *rows) -> ImportBatch:
    return rosters.upload(
        data=write_csv(TITLES, rows), file_name="花名册.csv", kind="members", organization=organization, on=DAY, by=user
    )


def person(name, organization, number=""):
    member = MemberFactory.build(name=name)
    if number:
        member.set_id_number(number)
    member.save()
    AffiliationFactory(member=member, organization=organization)
    return member


def page_url(batch, subject="missing") -> str:
    return reverse("import_choices", args=[batch.uid, subject])


def sent(*choices) -> dict[str, str]:
    """The form of a page: (person, choice, details) for each."""
    data = {"step": "page"}
    for member, choice, details in choices:
        data[f"{member.uid}-choice"] = choice
        data[f"{member.uid}-version"] = "0"
        data |= {f"{member.uid}-{name}": value for name, value in details.items()}
    return data


@pytest.fixture
def wang(district):
    return person("王建国", district.late, id_number(birth="19850307", order="011"))


@pytest.fixture
def li(district):
    return person("李秀英", district.late)


@pytest.fixture
def batch(district, wang, li):
    return batch_of(district.clerk, district.street_a, row())


def test_the_batch_says_who_waits_and_leads_to_the_list(as_clerk, batch, wang):
    PostFactory(organization=wang.affiliations.get().organization, member=wang, holder_name="王建国")

    page = as_clerk.get(reverse("import_batch", args=[batch.uid]))
    (there,) = page.context["choices"]
    listed = as_clerk.get(there["url"])

    assert (there["title"], there["number"], there["chosen"]) == ("在册而名册中没有的人员", 2, 0)
    assert "在册而名册中没有的2人保持不变。" in page.content.decode()
    assert [
        (line["person"].listed.title, line["person"].number, line["person"].listed.place, line["chosen"])
        for line in listed.context["lines"]
    ] == [
        ("李秀英", "", "石桥社区第一党支部", ""),
        ("王建国", wang.masked_id_number, "石桥社区第一党支部", ""),
    ]
    assert listed.context["lines"][1]["person"].notes == ["现任石桥社区第一党支部书记，离开后请办理免职并按规定补选"]


def test_choices_are_saved_person_by_person_and_done_with_the_confirm(as_clerk, district, batch, wang, li):
    data = sent((wang, "deceased", {"on": "2026-11-10"}), (li, "", {}))

    saved = as_clerk.post(page_url(batch), data, follow=True)
    shown = as_clerk.get(reverse("import_batch", args=[batch.uid])).content.decode()
    as_clerk.post(reverse("import_confirm", args=[batch.uid]))

    assert "已保存 1 人的选择。" in saved.content.decode()
    (line,) = [each for each in saved.context["lines"] if each["chosen"]]
    assert line["chosen"].startswith(f"逝世（2026-11-10） · {district.clerk.name} 2026-11-21 ")
    assert "将同时办理：逝世1人；其余1人保持不变。" in shown
    assert dict(Affiliation.objects.values_list("member__name", "until")) == {
        "王建国": datetime.date(2026, 11, 10),
        "李秀英": None,
        "张伟": None,
    }


def test_another_clerk_of_the_unit_goes_on_where_the_first_stopped(client, district, batch, wang):
    client.force_login(district.clerk)
    client.post(page_url(batch), sent((wang, "deceased", {"on": "2026-11-10"})))
    client.logout()
    client.force_login(user_at(district.street_a, name="孙接手"))

    page = client.get(page_url(batch))
    client.post(reverse("import_confirm", args=[batch.uid]))

    (line,) = [each for each in page.context["lines"] if each["chosen"]]
    assert line["form"].initial["choice"] == "deceased"
    assert Affiliation.objects.get(member=wang).until == datetime.date(2026, 11, 10)


def test_what_is_wrong_stands_at_its_person_and_nothing_is_saved(as_clerk, batch, wang, li):
    data = sent((wang, "out", {"on": "2026-11-10"}), (li, "deceased", {"on": "2026-11-10"}))

    page = as_clerk.post(page_url(batch), data)

    errors = {line["person"].listed.title: line["form"].errors for line in page.context["lines"]}
    assert errors == {
        "李秀英": {},
        "王建国": {
            "place": ["请填写转往的党组织，按介绍信抬头填写。"],
            "document_no": ["请填写文号（介绍信编号）。"],
        },
    }
    assert not ImportChoice.objects.exists()


@pytest.fixture
def crowd(district):
    """A roster without sixty people of one branch: more than a page of them."""
    people = [person(f"李{number:02d}", district.late) for number in range(60)]
    return batch_of(district.clerk, district.street_a, row()), people


def test_turning_the_page_saves_what_was_chosen_on_it(as_clerk, crowd):
    batch, people = crowd
    data = sent((people[0], "deceased", {"on": "2026-11-10"})) | {"page": "1"}

    page = as_clerk.post(page_url(batch) + "?page=2", data, follow=True)
    idle = as_clerk.post(page_url(batch) + "?page=1", sent((people[59], "", {})) | {"page": "2"}, follow=True)

    assert list(ImportChoice.objects.values_list("target_uid", "choice")) == [(people[0].uid, "deceased")]
    assert (page.context["number"], [str(each) for each in page.context["messages"]]) == (2, ["已保存 1 人的选择。"])
    assert (idle.context["number"], [str(each) for each in idle.context["messages"]]) == (1, [])
    assert f'formaction="{page_url(batch)}?page=2"' in idle.content.decode()


def test_a_page_with_something_wrong_is_not_turned(as_clerk, crowd):
    batch, people = crowd
    data = sent((people[0], "out", {"on": "2026-11-10"})) | {"page": "1"}

    page = as_clerk.post(page_url(batch) + "?page=2", data)

    wrong = [line["person"].listed.title for line in page.context["lines"] if line["form"].errors]
    assert (page.context["number"], wrong) == (1, ["李00"])
    assert not ImportChoice.objects.exists()


def test_a_stale_page_is_told_and_overwrites_nothing(as_clerk, batch, wang):
    as_clerk.post(page_url(batch), sent((wang, "deceased", {"on": "2026-11-10"})))

    page = as_clerk.post(page_url(batch), sent((wang, "lost", {"on": "2026-11-10"})))

    assert "“王建国”刚被他人重新选择，请核对后再保存。" in page.content.decode()
    assert ImportChoice.objects.get().choice == "deceased"


def test_one_choice_for_all_asks_for_the_number_first(as_clerk, batch, wang, li):
    data = {"step": "all", "all-choice": "lost", "all-on": "2026-05-01", "all-only_open": "on"}

    asked = as_clerk.post(page_url(batch), data)
    assert asked.context["asked"]["words"] == "将对名单中的 2 人选择“失联”（2026-05-01）。"
    assert not ImportChoice.objects.exists()
    again = as_clerk.post(page_url(batch), data | {"step": "confirm", "number": "3"})
    assert again.context["asked"]["again"] == "名单或者选择刚有变化，现在是 2 人，请再次核对。"
    as_clerk.post(page_url(batch), data | {"step": "confirm", "number": "2"})

    assert sorted(ImportChoice.objects.values_list("choice", flat=True)) == ["lost", "lost"]


def test_all_of_one_organization_and_only_those_left(as_clerk, district, wang, li):
    other = person("周明", district.running)
    batch = batch_of(district.clerk, district.street_a, row(), row("刘洋", LIU, "石桥社区第二党支部"))
    as_clerk.post(page_url(batch), sent((wang, "keep", {})))
    there = f"{page_url(batch)}?place=石桥社区第一党支部"
    data = {"all-choice": "lost", "all-on": "2026-05-01", "all-only_open": "on"}

    chips = as_clerk.get(page_url(batch)).context["places"]
    as_clerk.post(there, data | {"step": "confirm", "number": "1"})

    assert [(each["label"], each["number"]) for each in chips] == [("石桥社区第一党支部", 2), ("石桥社区第二党支部", 1)]
    assert {(each.target_uid, each.choice) for each in ImportChoice.objects.all()} == {
        (wang.uid, "keep"),
        (li.uid, "lost"),
    }
    assert other.pk


def test_fifty_a_page_with_as_many_queries_as_for_three(
    as_clerk, district, django_assert_num_queries, django_assert_max_num_queries
):
    for number in range(3):
        person(f"甲{chr(0x4E00 + number)}", district.late)
    few = batch_of(district.clerk, district.street_a, row())
    as_clerk.get(page_url(few))
    with django_assert_max_num_queries(60) as counted:
        as_clerk.get(page_url(few))
    for number in range(60):
        person(f"乙{chr(0x4E00 + number)}", district.late)
    many = batch_of(district.clerk, district.street_a, row())

    with django_assert_num_queries(len(counted)):
        page = as_clerk.get(page_url(many))

    assert (len(page.context["lines"]), page.context["page_words"]) == (50, "共 63 人，第 1–50 人")


def test_from_ones_own_part_and_from_elsewhere(as_clerk, district):
    person("王强", district.running, ZHANG)
    person("刘洋", district.foreign, LIU)
    batch = batch_of(district.clerk, district.street_a, row("王强", ZHANG), row("刘洋", LIU))

    page = as_clerk.get(page_url(batch, "transfer"))

    assert [
        (line["person"].listed.title, line["person"].notes, dict(line["form"].fields["choice"].choices)["take"])
        for line in page.context["lines"]
    ] == [
        ("王强", ["现在“石桥社区第二党支部”"], "划转到本支部"),
        ("刘洋", ["现在其他党组织"], "申请转入本支部"),
    ]
    text = page.content.decode()
    assert not any(word in text for word in ("柳林", "和平", ZHANG, LIU))


def test_nothing_the_asking_side_reads_tells_where_the_person_is(client, district):
    """In another street, or gone from all books: the same pages, but for the person's own name and number."""
    person("刘洋", district.foreign, LIU)
    gone = person("王强", district.foreign, ZHANG)
    Affiliation.objects.filter(member=gone).update(until=datetime.date(2025, 1, 1))
    client.force_login(district.clerk)
    told = []
    for name, number in (("刘洋", LIU), ("王强", ZHANG)):
        member = Member.objects.get(name=name)
        batch = batch_of(district.clerk, district.street_a, row(name, number))
        there = page_url(batch, "transfer")
        replies = [
            client.get(reverse("import_batch", args=[batch.uid])),
            client.get(there),
            client.post(there, sent((member, "take", {"on": "2026-11-10"})), follow=True),
            client.post(reverse("import_confirm", args=[batch.uid]), follow=True),
            client.get(there),
        ]
        assert IntakeRequest.objects.get(member=member).to == district.late
        roll = client.get(reverse("roll", args=[district.late.uid])).context["asked_by"]
        told.append(
            [
                [
                    (
                        line["person"].notes,
                        line["person"].result,
                        line["chosen"][:20],
                        dict(line["form"].fields["choice"].choices) if line["form"] else None,
                    )
                    for line in reply.context.get("lines", [])
                ]
                for reply in replies
            ]
            + [[str(each) for each in replies[3].context["messages"]]]
            + [[{**each, "name": ""} for each in roll if each["name"] == name]]
        )
        text = "".join(reply.content.decode() for reply in replies)
        assert not any(word in text for word in ("柳林", "和平", number))

    assert told[0] == told[1]
    assert told[0][4][0][1] == "已提出申请"


def test_a_stranger_finds_no_list_and_a_reader_none_either(client, district, batch, wang):
    reader = user_at(district.street_a, Role.VIEWER)
    data = sent((wang, "deceased", {"on": "2026-11-10"}))

    for user in (district.stranger, reader):
        client.force_login(user)
        for subject in ("missing", "transfer", "nothing"):
            assert client.get(page_url(batch, subject)).status_code == 404
            assert client.post(page_url(batch, subject), data).status_code == 404

    assert not ImportChoice.objects.exists()


def test_people_of_another_batch_are_not_chosen_for(as_clerk, district, batch, wang):
    stranger = person("吴宏伟", district.foreign)

    page = as_clerk.post(
        page_url(batch), sent((wang, "keep", {}), (stranger, "deceased", {"on": "2026-11-10"})), follow=True
    )

    assert "已保存 1 人的选择。" in page.content.decode()
    assert ImportChoice.objects.get().target_uid == wang.uid


def test_after_the_confirm_the_list_is_read_only(as_clerk, batch, wang):
    as_clerk.post(page_url(batch), sent((wang, "deceased", {"on": "2026-11-10"})))
    as_clerk.post(reverse("import_confirm", args=[batch.uid]))

    page = as_clerk.get(page_url(batch))
    reply = as_clerk.post(page_url(batch), sent((wang, "keep", {})), follow=True)

    assert [line["form"] for line in page.context["lines"]] == [None, None]
    assert [bool(line["chosen"]) for line in page.context["lines"]] == [False, True]
    assert "这个批次已经导入，没有再写入任何内容。" in reply.content.decode()
    assert ImportChoice.objects.get().choice == "deceased"


def test_what_cannot_be_done_any_more_is_said_on_the_page_until_something_else_is_chosen(
    as_clerk, district, batch, wang, caplog
):
    as_clerk.post(page_url(batch), sent((wang, "deceased", {"on": "2026-11-10"})))
    services.request_transfer(member=wang, wanted="别处", asked_on=DAY, letter_no="介1号", by=district.clerk)

    page = as_clerk.post(reverse("import_confirm", args=[batch.uid]), follow=True)
    as_clerk.post(page_url(batch), {**sent((wang, "keep", {})), f"{wang.uid}-version": "1"})
    later = as_clerk.get(reverse("import_batch", args=[batch.uid]))

    refused = "以下人员的处理办不了，请修改后重新确认：王建国：该党员的组织关系正在转接，请先撤回转接申请。"
    assert refused in page.content.decode()
    assert "办不了" not in later.content.decode()
    assert "在册而名册中没有的2人保持不变。" in later.content.decode()
    assert "王建国" not in caplog.text


def test_of_a_roster_that_lets_nothing_be_chosen_those_left_out_are_named(as_clerk, district):
    data = write_csv(["党组织名称", "姓名", "党内职务"], [("石桥社区第二党支部", "周明", "书记")])
    PostFactory(organization=district.running, holder_name="王建国", title="deputy_secretary")
    batch = rosters.upload(
        data=data, file_name="班子.csv", kind="committee", organization=district.street_a, on=DAY, by=district.clerk
    )

    page = as_clerk.get(reverse("import_batch", args=[batch.uid]))

    assert [each.title for each in page.context["left_out"]] == ["王建国（副书记）"]
    assert as_clerk.get(page_url(batch)).status_code == 404

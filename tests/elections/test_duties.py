"""What clerks write under 职务, and the posts that it names."""

import pytest

from elections.imports.duties import clean_duty
from orgs.enums import Body, Seat, Title

SECRETARY, DEPUTY, MEMBER = Title.SECRETARY, Title.DEPUTY_SECRETARY, Title.COMMITTEE_MEMBER


@pytest.mark.parametrize(
    "text, titles, seat, body, village",
    [
        ("支部书记", (SECRETARY,), None, None, ""),
        ("党总支副书记、组织委员", (DEPUTY, Title.ORGANIZATION), None, None, ""),
        ("副书记兼纪检委员", (DEPUTY, Title.DISCIPLINE), None, None, ""),
        ("组织、宣传委员", (Title.ORGANIZATION, Title.PUBLICITY), None, None, ""),
        ("组织宣传委员", (Title.ORGANIZATION, Title.PUBLICITY), None, None, ""),
        ("生产委员", (MEMBER,), None, None, ""),
        ("纪委书记", (SECRETARY,), None, Body.DISCIPLINE, ""),
        ("纪律检查委员", (Title.DISCIPLINE,), None, None, ""),
        ("第一书记", (SECRETARY,), Seat.FIRST_SECRETARY, None, ""),
        ("兼职委员", (MEMBER,), Seat.CONCURRENT, None, ""),
        ("党支部书记兼村委会主任", (SECRETARY,), None, None, "村委会主任"),
        ("书记（主任）", (SECRETARY,), None, None, "主任"),
        ("村（居）委会副主任", (), None, None, "村（居）委会副主任"),
    ],
)
def test_posts_are_understood(text, titles, seat, body, village):
    cleaned = clean_duty(text)

    duty = cleaned.value
    assert (duty.titles, duty.seat, duty.body, duty.village, str(duty)) == (titles, seat, body, village, text)
    assert cleaned.problems == ()


@pytest.mark.parametrize("text", ["秘书长", "党建指导员"])
def test_other_work_is_no_post(text):
    cleaned = clean_duty(text)

    assert (cleaned.value, [problem.code.value for problem in cleaned.problems]) == (None, ["ENUM_UNKNOWN"])

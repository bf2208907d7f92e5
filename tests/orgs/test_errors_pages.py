"""Error pages: Chinese words, a reference that the log also has, and no internals."""

import logging

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError

from orgs.scoping import NOT_ALLOWED, NOT_FOUND
from orgs.views import errors


@pytest.fixture
def asked(rf):
    return rf.get("/ledger/")


def text(response) -> str:
    return response.content.decode()


def test_each_page_has_its_status_and_heading(asked):
    pages = [
        errors.bad_request(asked, SuspiciousOperation()),
        errors.bad_request(asked, RequestDataTooBig()),
        errors.permission_denied(asked, PermissionDenied()),
        errors.page_not_found(asked, None),
        errors.csrf_failure(asked, reason="token incorrect"),
        errors.locked_out(asked, None, {}),
        errors.server_error(asked),
    ]

    assert [page.status_code for page in pages] == [400, 413, 403, 404, 403, 429, 500]
    for page, heading in zip(
        pages,
        ["无法处理", "内容过大", "没有权限", "没有找到", "页面已失效", "暂时锁定", "系统出现故障"],
        strict=True,
    ):
        assert heading in text(page)
        assert 'href="/"' in text(page)


def test_reference_on_the_page_is_in_the_log(asked, caplog):
    with caplog.at_level(logging.WARNING, logger="orgs.views.errors"):
        response = errors.page_not_found(asked)

    reference = response["X-Error-Reference"]
    assert reference in text(response)
    assert reference in caplog.text


def test_missing_and_foreign_are_told_in_the_same_words(asked):
    missing = text(errors.page_not_found(asked, None))
    foreign = text(errors.page_not_found(asked, Exception("东湖街道党工委")))

    assert NOT_FOUND in missing
    assert NOT_FOUND in foreign
    assert "东湖街道党工委" not in foreign


def test_refusal_gives_our_own_reason(asked):
    assert NOT_ALLOWED in text(errors.permission_denied(asked, PermissionDenied()))
    assert "管理后台只对" in text(errors.permission_denied(asked, PermissionDenied("管理后台只对系统管理员开放。")))


def test_failure_page_shows_nothing_of_the_exception(asked):
    try:
        raise ValueError("119901199001011234")
    except ValueError:
        response = errors.server_error(asked)

    assert response.status_code == 500
    assert "119901199001011234" not in text(response)
    assert "ValueError" not in text(response)


def test_database_that_is_away_is_busy_not_broken(asked):
    try:
        raise OperationalError("database is locked")
    except OperationalError:
        response = errors.server_error(asked)

    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "locked" not in text(response)


def test_technical_reason_of_a_refused_form_stays_in_the_log(asked):
    assert "Referer" not in text(errors.csrf_failure(asked, reason="Referer checking failed"))

"""Error pages: what happened, what to do, a reference for the log, and no internals."""

import logging
import sys
import uuid
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from orgs.scoping import NOT_ALLOWED, NOT_FOUND

logger = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 30
LOCKED_SECONDS = 15 * 60


@dataclass(frozen=True)
class Page:
    """The words of one error page."""

    status: int
    icon: str
    heading: str
    explanation: str
    advice: tuple[str, ...] = ()


BAD_REQUEST = Page(
    400,
    "bi-slash-circle",
    "无法处理这个请求",
    "提交的内容或地址有误，系统没有作任何改动。",
    ("请返回上一页，重新操作一次。", "地址如果是手工修改过的，请从页面上的链接重新进入。"),
)
TOO_LARGE = Page(
    413,
    "bi-file-earmark-x",
    "上传的内容过大",
    "单个文件不得超过 20 MB，系统没有保存这次上传的内容。",
    ("请删除表中多余的工作表、图片和空白行后再上传。", "也可以把名册按党（工）委拆成几个文件，分次上传。"),
)
FORBIDDEN = Page(
    403,
    "bi-lock",
    "没有权限",
    NOT_ALLOWED,
    ("如工作需要，请向本单位安全管理员申请授权。",),
)
MISSING = Page(
    404,
    "bi-search",
    "没有找到",
    NOT_FOUND,
    ("请核对地址，或从总览、台账中重新查找。",),
)
CSRF = Page(
    403,
    "bi-hourglass-bottom",
    "页面已失效，请重新提交",
    "为防止他人冒用您的身份，系统没有接受这次提交，也没有作任何改动。",
    (
        "页面停留时间过长或登录状态已变化时会出现这种情况。",
        "请返回上一页并刷新，再提交一次；浏览器须允许本站使用 Cookie。",
    ),
)
LOCKED = Page(
    429,
    "bi-lock",
    "账号已暂时锁定",
    "该账号连续多次输入错误密码，15 分钟内不能登录。",
    ("请 15 分钟后再试。", "如果不是您本人操作，请立即告知系统管理员。"),
)
BROKEN = Page(
    500,
    "bi-tools",
    "系统出现故障",
    "这次操作没有完成，未完成的改动已全部撤回，原有数据不受影响。",
    ("请稍后重试；多次出现时，请把下面的编号告诉系统管理员。",),
)
BUSY = Page(
    503,
    "bi-clock-history",
    "系统正忙或正在维护",
    "暂时无法提供服务，您的数据不受影响。",
    ("请过一会儿再刷新本页。",),
)


def bad_request(request, exception=None):
    """Handler of 400; an upload over the limit of the server is a 413."""
    return respond(request, TOO_LARGE if isinstance(exception, RequestDataTooBig) else BAD_REQUEST)


def permission_denied(request, exception=None):
    """Handler of 403; a reason given by our own code replaces the general sentence."""
    return respond(request, FORBIDDEN, explanation=str(exception or ""))


def page_not_found(request, exception=None):
    """Handler of 404: the same words for what is not there and for what lies outside the user's scope."""
    return respond(request, MISSING)


def server_error(request):
    """Handler of 500; a database that is away or overloaded is a 503."""
    raised = sys.exc_info()[1]
    return respond(request, BUSY if isinstance(raised, (OperationalError, InterfaceError)) else BROKEN)


def csrf_failure(request, reason=""):
    """CSRF_FAILURE_VIEW: the form was too old or came from elsewhere; the technical reason goes to the log only."""
    return respond(request, CSRF, note=reason)


def locked_out(request, original_response=None, credentials=None):
    """AXES_LOCKOUT_CALLABLE: too many wrong passwords for this account."""
    return respond(request, LOCKED)


def respond(request, page: Page, *, explanation: str = "", note: str = "") -> HttpResponse:
    """The page as a response, with a reference that is also written to the log.

    Rendered without the request, so that a failing session or database cannot
    break the page that reports it.
    """
    reference = uuid.uuid4().hex[:12].upper()
    logger.log(
        logging.ERROR if page.status >= 500 else logging.WARNING,
        "error page %s %s %s reference=%s %s",
        page.status,
        request.method,
        request.path,
        reference,
        note,
        exc_info=page.status >= 500,
    )
    context = {
        "heading": page.heading,
        "icon": page.icon,
        "explanation": explanation or page.explanation,
        "advice": page.advice,
        "reference": reference,
        "at": timezone.localtime(),
    }
    response = HttpResponse(render_to_string("errors/error.html", context), status=page.status)
    response["X-Error-Reference"] = reference
    if page is BUSY:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if page is LOCKED:
        response["Retry-After"] = str(LOCKED_SECONDS)
    return response

"""Asking as one user or visitor, with an ear for what must not be said, and telling two replies apart."""

import html
import io
import re
import zipfile
from difflib import unified_diff
from urllib.parse import quote, unquote

from django.apps import apps
from django.db import connection, transaction

from orgs.models import Organization

OURS = ("orgs", "members", "elections")
# What stands where nothing is.
NOWHERE = "5d7c3f5e-4a1b-4c8d-9e2f-7b6a5c4d3e2f"
# As JSON writes Chinese.
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
# What differs between two replies that say the same.
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken&quot;: &quot;\w+|"X-CSRFToken": "\w+"|'
    r"错误编号 <code>\w+</code>，时间 [^。]+"
)


class Asker:
    """One user (or visitor) who asks; whatever a request changes is taken back after it.

    `foreign` is a street that keeps as its `rows` what stands at it before anybody asks.
    """

    def __init__(self, client, user, foreign):
        self.client, self.user, self.foreign = client, user, foreign
        if user is not None:
            client.force_login(user)
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}

    def ask(self, method, url, data=None, **headers):
        """The reply, checked: no 500, nothing of the foreign street but what was sent, no row changed."""
        for name, value in self.cookies.items():
            self.client.cookies[name] = value
        with transaction.atomic():
            response = getattr(self.client, method)(url, data or {}, headers=headers)
            text = text_of(response)
            assert response.status_code < 500, f"{method} {url} {data}: {response.status_code}"
            sent = unquote(f"{url} {data}")
            found = [secret for secret in self.foreign.secrets if secret in text and secret not in sent]
            assert found == [], f"{method} {url} {data}: reply holds {found}"
            # A page shown again has written nothing; what was done leads on.
            if method == "post" and response.status_code == 302:
                assert rows_of(self.foreign) == self.foreign.rows, (
                    f"{method} {url} {data}: rows of another street changed"
                )
            transaction.set_rollback(True)
        return response


def text_of(response) -> str:
    """Everything a reply says: status, headers and body, spelled out and unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    response.plain = content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    cookies = response.cookies.output()
    text = f"{headers}\n{cookies}\n{content.decode('utf-8', 'replace')}"
    spelled_out = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return f"{spelled_out}\n{html.unescape(unquote(spelled_out))}"


def rows_of(street) -> dict:
    """Every row at the street's organizations, in every table of ours that stands at one, as the database keeps it."""
    if not hasattr(street, "statements"):
        # Put into words once: it is asked after every request that may have changed something.
        street.statements = {label: rows.query.sql_with_params() for label, rows in _tables_of(street)}
    found = {}
    with connection.cursor() as cursor:
        for label, statement in street.statements.items():
            cursor.execute(*statement)
            found[label] = sorted(map(repr, cursor.fetchall()))
    return found


def _tables_of(street):
    """(label, rows at the street) of each of these tables."""
    place = Organization.everything.filter(path__startswith=street.organization.path).values("pk")
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model._meta.label == "orgs.AuditEvent":
            continue
        manager = getattr(model, "everything", model._default_manager)
        names = {each.name for each in model._meta.concrete_fields}
        key = next((name for name in ("path", "organization", "keeper", "term") if name in names), None)
        if key == "path":
            rows = manager.filter(pk__in=place)
        elif key == "term":
            rows = manager.filter(term__organization__in=place)
        elif key:
            rows = manager.filter(**{f"{key}__in": place})
        else:
            if model._meta.label_lower not in street.records:
                continue
            rows = manager.filter(pk=street.records[model._meta.label_lower].pk)
        yield model._meta.label, rows.order_by().values_list()


def twins(street) -> list[tuple[str, str]]:
    """What is sent of the street, each with something of the same shape that does not exist."""
    return [
        (str(street.organization.uid), NOWHERE),
        (street.branch.code, "YL999901"),
        (street.branch.name, "戊坡里社区党支部"),
        (str(street.organization.pk), "987654321"),
    ]


def told_apart(one, other, sent: str, twin: str) -> str:
    """How two replies differ once what was sent is taken out of both; empty when they say the same."""
    first, second = (without(reply, value) for reply, value in ((one, sent), (other, twin)))
    if (one.status_code, first) == (other.status_code, second):
        return ""
    return "\n".join(
        [f"{one.status_code} / {other.status_code}", *unified_diff(second.split("\n"), first.split("\n"), n=0)][:12]
    )


def without(reply, value: str) -> str:
    """The body and the place a reply leads to, without the value that was sent and what differs each time."""
    if reply.plain.startswith(b"PK"):
        return ""
    text = reply.plain.decode("utf-8", "replace") + reply.headers.get("Location", "")
    text = CHANGING.sub("", text)
    for spelled in {value, html.escape(value), quote(value), quote(quote(value)), quote(value, safe="")}:
        text = text.replace(spelled, "□")
    return text

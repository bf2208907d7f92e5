"""Sealing: what cannot be opened, cannot be opened."""

import base64
import secrets
import uuid

import pytest

from members.models import Member
from orgs import crypto
from orgs.models import DataKey
from tests.factories import MemberFactory

NUMBER = "119901199003071235"
PLACE = {"table": "members_member", "column": "id_number", "uid": uuid.UUID(int=1)}


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
def key_file(settings, tmp_path):
    """No key in the environment, none on the disk, and none remembered."""
    settings.DATA_KEY = ""
    settings.DATA_KEY_FILE = tmp_path / "data.key"
    settings.DATA_KEY_MAY_BE_MADE = True
    return settings.DATA_KEY_FILE


def test_a_sealed_text_opens_in_its_place_and_shows_nothing():
    sealed = crypto.seal(NUMBER, **PLACE)

    assert crypto.reveal(sealed, **PLACE) == NUMBER
    assert NUMBER not in sealed
    assert sealed != crypto.seal(NUMBER, **PLACE)


def test_empty_stays_empty():
    assert crypto.seal("", **PLACE) == ""
    assert crypto.reveal("", **PLACE) == ""


@pytest.mark.parametrize("other", [{"table": "orgs_user"}, {"column": "phone"}, {"uid": uuid.UUID(int=2)}])
def test_a_value_copied_to_another_table_column_or_row_does_not_open(other):
    sealed = crypto.seal(NUMBER, **PLACE)

    with pytest.raises(crypto.SealBroken):
        crypto.reveal(sealed, **{**PLACE, **other})


@pytest.mark.parametrize("broken", ["v1", "v1.", "not sealed at all", "v1.{key}.%%%", "v1.{key}.AAAA", "v1.{key}."])
def test_a_damaged_value_is_named_as_such(broken):
    with pytest.raises(crypto.SealBroken):
        crypto.reveal(broken.format(key=crypto.keyring().key_id), **PLACE)


def test_a_changed_character_is_detected():
    sealed = crypto.seal(NUMBER, **PLACE)
    changed = sealed[:-2] + ("A" if sealed[-2] != "A" else "B") + sealed[-1]

    with pytest.raises(crypto.SealBroken):
        crypto.reveal(changed, **PLACE)


def test_files_are_sealed_like_values():
    sealed = crypto.seal_bytes(b"PK\x03\x04.roster", **PLACE)

    assert crypto.reveal_bytes(sealed, **PLACE) == b"PK\x03\x04.roster"
    assert b"roster" not in sealed
    for broken in (b"", b"x", sealed[:-1]):
        with pytest.raises(crypto.SealBroken):
            crypto.reveal_bytes(broken, **PLACE)


def test_another_key_does_not_open(settings):
    sealed = crypto.seal(NUMBER, **PLACE)
    sealed_file = crypto.seal_bytes(b"roster", **PLACE)

    settings.DATA_KEY = new_key()

    with pytest.raises(crypto.DataKeyError):
        crypto.reveal(sealed, **PLACE)
    with pytest.raises(crypto.DataKeyError):
        crypto.reveal_bytes(sealed_file, **PLACE)


def test_the_blind_index_is_equal_for_equal_values_of_one_purpose_and_key(settings):
    index = crypto.blind_index(NUMBER, purpose="a")

    assert crypto.blind_index(NUMBER, purpose="a") == index
    assert crypto.blind_index(NUMBER, purpose="b") != index
    assert crypto.blind_index("119901198805052349", purpose="a") != index
    assert NUMBER not in index and len(index) == 64
    settings.DATA_KEY = new_key()
    assert crypto.blind_index(NUMBER, purpose="a") != index


def test_a_short_key_is_refused(settings):
    settings.DATA_KEY = "secret"

    with pytest.raises(crypto.DataKeyError, match="数据密钥过短"):
        crypto.seal(NUMBER, **PLACE)


@pytest.mark.django_db
def test_a_new_database_gets_a_random_key_file_once(key_file):
    sealed = crypto.seal(NUMBER, **PLACE)
    text = key_file.read_text()

    assert crypto.reveal(sealed, **PLACE) == NUMBER
    assert key_file.read_text() == text
    assert key_file.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_a_written_database_without_its_key_file_is_refused_and_no_file_is_made(key_file):
    crypto.check_database_key()
    key_file.unlink()

    with pytest.raises(crypto.DataKeyError, match="密钥文件 data.key 不见了"):
        crypto.seal(NUMBER, **PLACE)
    assert not key_file.exists()


@pytest.mark.django_db
def test_a_key_file_that_is_gone_is_not_remembered(key_file):
    """Values sealed with a key that stands nowhere any more would be lost at the next start."""
    crypto.seal(NUMBER, **PLACE)
    first = key_file.read_text()
    key_file.unlink()

    crypto.seal(NUMBER, **PLACE)

    assert key_file.read_text() != first


@pytest.mark.django_db
def test_production_never_makes_a_key(key_file, settings):
    settings.DATA_KEY_MAY_BE_MADE = False

    with pytest.raises(crypto.DataKeyError, match="未找到数据密钥"):
        crypto.seal(NUMBER, **PLACE)
    assert not key_file.exists()


@pytest.mark.django_db
def test_a_database_written_with_another_key_is_refused(settings):
    crypto.check_database_key()
    crypto.check_database_key()
    assert DataKey.objects.get().key_id == crypto.keyring().key_id

    settings.DATA_KEY = new_key()

    with pytest.raises(crypto.DataKeyError, match="数据密钥与数据库不符"):
        crypto.check_database_key()


@pytest.mark.django_db
def test_a_members_numbers_swapped_in_the_database_are_detected():
    first, second = MemberFactory.build(name="王建国"), MemberFactory.build(name="李秀英")
    first.set_id_number(NUMBER)
    second.set_id_number("119901198805052349")
    first.set_phone("15400000123")
    for member in (first, second):
        member.save()

    Member.objects.filter(pk=first.pk).update(id_number_sealed=second.id_number_sealed)
    Member.objects.filter(pk=second.pk).update(phone_sealed=first.phone_sealed)

    with pytest.raises(crypto.SealBroken):
        Member.objects.get(pk=first.pk).reveal_id_number()
    with pytest.raises(crypto.SealBroken):
        Member.objects.get(pk=second.pk).reveal_phone()

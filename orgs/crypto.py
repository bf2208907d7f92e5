"""Sealing of personal data: AES-256-GCM for values, a keyed hash (blind index) to find equal ones.

A sealed value is `v1.<key id>.<base64 of nonce and ciphertext>`. Table, column and
uid of the row are authenticated with it, so a value copied to another row or column
does not open. Keys come from the data key alone, never from SECRET_KEY.
"""

import base64
import hashlib
import hmac
import os
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from config.keys import made_once

VERSION = "v1"
NONCE_BYTES = 12
# A base64 text of 32 bytes has 43 or 44 characters; a shorter key is a typing error.
SHORTEST_KEY = 43
BROKEN = "密文校验不符：内容被改动，或不属于这条记录。"


class DataKeyError(Exception):
    """The data key is missing, too short or not the one this database was written with."""


class SealBroken(Exception):
    """A sealed value was changed or belongs to another row."""


class Keyring:
    """The keys derived from one data key."""

    def __init__(self, data_key: str):
        if len(data_key) < SHORTEST_KEY:
            raise DataKeyError("数据密钥过短：须为 32 字节随机数的 Base64 文本。")
        self._master = data_key.encode()
        self._cipher = AESGCM(self._derive(b"seal"))
        self._index_key = self._derive(b"index")
        self.key_id = hashlib.sha256(self._derive(b"name")).hexdigest()[:12]

    def _derive(self, purpose: bytes) -> bytes:
        return HKDF(hashes.SHA256(), 32, salt=None, info=b"huanjie " + purpose).derive(self._master)

    def encrypt(self, plain: bytes, context: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, context)

    def encrypt_all(self, plain: Sequence[bytes], contexts: Sequence[bytes]) -> list[bytes]:
        """`encrypt` for many; the random numbers are drawn at once."""
        encrypt, drawn = self._cipher.encrypt, os.urandom(NONCE_BYTES * len(plain))
        nonces = [drawn[place : place + NONCE_BYTES] for place in range(0, len(drawn), NONCE_BYTES)]
        return [
            nonce + encrypt(nonce, text, context) for nonce, text, context in zip(nonces, plain, contexts, strict=True)
        ]

    def decrypt(self, sealed: bytes | memoryview, context: bytes) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):  # ValueError: too short to be anything of ours
            raise SealBroken(BROKEN) from None

    def index(self, value: str, purpose: str) -> str:
        return hmac.digest(self._index_key, f"{purpose}:{value}".encode(), "sha256").hex()


@lru_cache(maxsize=4)
def _keyring_of(data_key: str) -> Keyring:
    return Keyring(data_key)


@lru_cache(maxsize=4)
def _file_text(path: str) -> str:
    return made_once(settings.DATA_KEY_FILE)


def keyring() -> Keyring:
    """The keys of this installation; DataKeyError when the data key is missing.

    Dev and demo make a random key on first use, but never for a database that
    was already written with another one: what is sealed there would be lost
    without a word.
    """
    if settings.DATA_KEY:
        return _keyring_of(settings.DATA_KEY)
    if not settings.DATA_KEY_FILE.is_file():
        _file_text.cache_clear()  # a key that stands nowhere any more must not seal another value
        _refuse_a_new_key_for_an_old_database()
    return _keyring_of(_file_text(str(settings.DATA_KEY_FILE)))


def _refuse_a_new_key_for_an_old_database() -> None:
    from orgs.models import DataKey  # the models import this module

    if not settings.DATA_KEY_MAY_BE_MADE:
        raise DataKeyError("未找到数据密钥：请设置 HJ_DATA_KEY，或把密钥文件放回 HJ_DATA_KEY_FILE 所指的位置。")
    if DataKey.objects.exists():
        raise DataKeyError(
            f"数据库中的身份证号和手机号由另一把数据密钥加密，而密钥文件 {settings.DATA_KEY_FILE.name} 不见了。"
            "请把原来的密钥文件放回数据库旁边；没有它，这些内容无法恢复。"
        )


def check_database_key() -> None:
    """Note the key this database is written with; DataKeyError when it was written with another one.

    Called where sealed values are about to be written or a server starts: two reads at most.
    """
    from orgs.models import DataKey

    key_id = keyring().key_id
    known = set(DataKey.objects.values_list("key_id", flat=True))
    if not known:
        DataKey.objects.get_or_create(key_id=key_id)
    elif key_id not in known:
        raise DataKeyError("数据密钥与数据库不符：请换回写入这个数据库时使用的密钥。")


def seal(plain: str, *, table: str, column: str, uid) -> str:
    """`plain` sealed for one column of one row; empty stays empty."""
    if not plain:
        return ""
    ring = keyring()
    sealed = ring.encrypt(plain.encode(), _context(table, column, uid))
    return f"{VERSION}.{ring.key_id}.{base64.b64encode(sealed).decode()}"


def seal_all(plain: Sequence[str], uids: Sequence[str], *, table: str, column: str) -> list[str]:
    """`seal` for very many rows of one column: the texts with the rows' uids."""
    ring = keyring()
    begin, context = f"{VERSION}.{ring.key_id}.", f"{table}.{column}."
    sealed = ring.encrypt_all([text.encode() for text in plain], [f"{context}{uid}".encode() for uid in uids])
    return [
        begin + b2a_base64(each, newline=False).decode() if text else ""
        for text, each in zip(plain, sealed, strict=True)
    ]


def indexer(*, purpose: str) -> Callable[[str], str]:
    """`blind_index` for very many values of one purpose."""
    index = keyring().index
    return lambda value: index(value, purpose)


def reveal(sealed: str, *, table: str, column: str, uid) -> str:
    """The text that `seal` was given; SealBroken when it belongs elsewhere, DataKeyError for another key."""
    if not sealed:
        return ""
    version, key_id, text = _parts(sealed, ".")
    ring = keyring()
    if version != VERSION or key_id != ring.key_id:
        raise DataKeyError("这条内容由另一把数据密钥加密，无法打开。")
    try:
        ciphertext = base64.b64decode(text, validate=True)
    except ValueError:
        raise SealBroken(BROKEN) from None
    return ring.decrypt(ciphertext, _context(table, column, uid)).decode()


def revealer(*, table: str, column: str) -> Callable[[str, object], str]:
    """`reveal` for very many rows of one column, as a function of the sealed text and the row's uid."""
    ring = keyring()
    begin, context = f"{VERSION}.{ring.key_id}.", f"{table}.{column}."

    def revealed(sealed: str, uid) -> str:
        if not sealed.startswith(begin):
            return reveal(sealed, table=table, column=column, uid=uid)
        try:
            content = a2b_base64(sealed[len(begin) :], strict_mode=True)
        except ValueError:
            raise SealBroken(BROKEN) from None
        return ring.decrypt(content, f"{context}{uid}".encode()).decode()

    return revealed


def seal_bytes(plain: bytes, *, table: str, column: str, uid) -> bytes:
    """As `seal`, for files and stored previews."""
    ring = keyring()
    return f"{VERSION}.{ring.key_id}.".encode() + ring.encrypt(plain, _context(table, column, uid))


def reveal_bytes(sealed: bytes, *, table: str, column: str, uid) -> bytes:
    """As `reveal`, for what `seal_bytes` made."""
    ring, sealed = keyring(), memoryview(sealed)  # parts of it are no copies: a file may be large
    begin = f"{VERSION}.{ring.key_id}.".encode()
    if sealed[: len(begin)] != begin:
        _parts(bytes(sealed), b".")
        raise DataKeyError("这份文件由另一把数据密钥加密，无法打开。")
    return ring.decrypt(sealed[len(begin) :], _context(table, column, uid))


def blind_index(value: str, *, purpose: str) -> str:
    """The keyed hash of `value`: 64 hex characters, equal for equal values of one purpose."""
    return keyring().index(value, purpose)


def _parts(sealed, dot):
    """Version, key id and content of a sealed value; SealBroken when it is none."""
    parts = sealed.split(dot, 2)
    if len(parts) != 3:
        raise SealBroken(BROKEN)
    return parts


def _context(table: str, column: str, uid) -> bytes:
    return f"{table}.{column}.{uid}".encode()

"""Questions of a self-test as a public key holds them: the right letter and its why, out of sight.

The right letter is stored as a salted slow hash, and the why is encrypted with a key made from that letter.
This keeps the answer from being read in the file, and no more: there are four letters to choose from, and
whoever wants to can try them out.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cache

from rgteach.course.model import Question
from rgteach.wording import LANGUAGES

ROUNDS = 100_000  # of the slow hash: some 50 ms for a letter
_HALF = 32  # bytes: the first half of the hash is stored, the second is the key


@dataclass(frozen=True)
class Sealed:
    """A question whose right letter cannot be read; `number` is its place in the self-test, from 1."""

    id: str
    lab: str
    number: int
    count: int
    choices: tuple[str, ...]
    salt: str
    hash: str
    why: dict[str, str]

    def opened(self, letter: str) -> dict[str, str] | None:
        """The why in each language, if this is the right letter, else None."""
        proof, key = _stretched(letter, self.salt)
        if not hmac.compare_digest(proof.hex(), self.hash):
            return None
        return {
            lang: _mixed(base64.b64decode(text, validate=True), key, lang).decode()
            for lang, text in self.why.items()
        }


def seal(question: Question, lab: str, number: int, count: int) -> Sealed:
    """A question of a page without its answer; the same each time, so that builds can be compared."""
    told = json.dumps([question.id, dict(question.cell.text)], ensure_ascii=False, sort_keys=True)
    salt = hashlib.sha256(told.encode()).hexdigest()[:32]
    proof, key = _stretched(question.right, salt)
    why = {
        lang: base64.b64encode(_mixed(question.why.text[lang].strip().encode(), key, lang)).decode()
        for lang in LANGUAGES
    }
    return Sealed(question.id, lab, number, count, tuple(question.choices("en")), salt, proof.hex(), why)


@cache
def _stretched(letter: str, salt: str) -> tuple[bytes, bytes]:
    """A letter as what is stored, and as a key: neither tells the other."""
    long = hashlib.pbkdf2_hmac("sha512", letter.encode(), bytes.fromhex(salt), ROUNDS, 2 * _HALF)
    return long[:_HALF], long[_HALF:]


def _mixed(text: bytes, key: bytes, lang: str) -> bytes:
    """Text and a stream of bytes made from the key, mixed; mixing again gives the text back."""
    stream = hashlib.shake_256(key + lang.encode()).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))


def to_data(question: Sealed) -> dict:
    """As a key's file holds it."""
    return {"id": question.id, "choices": list(question.choices)} | {
        name: getattr(question, name) for name in ("salt", "hash", "why")
    }


def from_data(lab: str, items: list[dict]) -> list[Sealed]:
    """What `to_data` wrote, for all the questions of a lab."""
    return [
        Sealed(
            item["id"], lab, number, len(items), tuple(item["choices"]), item["salt"], item["hash"],
            dict(item["why"]),
        )
        for number, item in enumerate(items, 1)
    ]  # fmt: skip

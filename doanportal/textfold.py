"""Vietnamese text for the machine: one spelling of each letter, search without marks, alphabetical order."""

import re
import unicodedata
from functools import lru_cache

# The order of the Vietnamese alphabet; f, j, w and z stand where Latin puts them.
ALPHABET = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
LETTER_CODES = {letter: f"{place:02d}" for place, letter in enumerate(ALPHABET, start=1)}
# Dictionary order: no tone, huyền, hỏi, ngã, sắc, nặng.
TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
NUMBER_WIDTH = 8


def nfc(text: str) -> str:
    """The composed spelling; typed text is stored in this form only."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Text "không dấu" for search: no marks, đ as d, lower case, single spaces."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.replace("đ", "d").replace("Đ", "d").lower().split())


def vietnamese_sort_key(text: str) -> str:
    """A string of digits that sorts as a Vietnamese dictionary does, in Python and under any SQL collation.

    Syllable by syllable: letters (a ă â … d đ …), then tones; numbers by value; case is ignored.
    """
    padded = re.sub(r"\d+", lambda digits: digits[0].zfill(NUMBER_WIDTH), nfc(text).lower())
    return "".join(syllable_key(syllable) for syllable in re.findall(r"\w+", padded))


@lru_cache(maxsize=4096)
def syllable_key(syllable: str) -> str:
    """The same few hundred syllables make up most names, so each is worked out once."""
    letters, tones = zip(*(letter_and_tone(letter) for letter in syllable), strict=True)
    return f"{''.join(letters)}00{''.join(tones)}"


def letter_and_tone(letter: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFD", letter)
    tone = next((TONES[mark] for mark in decomposed if mark in TONES), "0")
    bare = nfc("".join(mark for mark in decomposed if mark not in TONES))
    code = LETTER_CODES.get(bare) or LETTER_CODES.get(bare and fold(bare))
    return code or f"99{ord(letter):07d}", tone

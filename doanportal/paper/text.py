"""Text as paper takes it: NFC, one paragraph a line, recipients punctuated as the Union writes them."""

import unicodedata
from collections.abc import Iterable

STEERING = {"Cc", "Cf", "Cs"}


def clean(text: str) -> str:
    """NFC without control, bidi and zero-width characters (an XML file refuses some of them); one line."""
    text = " ".join(unicodedata.normalize("NFC", str(text)).replace("\t", " ").split("\n"))
    return "".join(letter for letter in text if unicodedata.category(letter) not in STEERING).strip(" ")


def paragraphs(text: str) -> list[str]:
    """The non-empty lines of what somebody typed, cleaned."""
    return [line for line in map(clean, str(text or "").splitlines()) if line]


def sentence(text: str) -> str:
    """The text with a full stop unless it ends with a mark of its own."""
    text = clean(text)
    return text if not text or text[-1] in ".!?…;:" else f"{text}."


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(names: Iterable[str]) -> str:
    """A, B, C"""
    return ", ".join(map(clean, names))


def shortened(text: str, longest: int) -> str:
    """At most `longest` characters, cut at a word and marked with … when cut."""
    text = clean(text)
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return f"{cut.rsplit(' ', 1)[0].rstrip(' ,;:.')}…" if " " in cut else f"{cut}…"


def recipient_lines(text: str) -> tuple[str, ...]:
    """Nơi nhận: each line "- …;", the last one ends with a full stop (domain.md §2.2)."""
    lines = [line.lstrip("-–•* ").rstrip(";., ") for line in paragraphs(text)]
    lines = [line for line in lines if line]
    return tuple(f"- {line}{'.' if line is lines[-1] else ';'}" for line in lines)

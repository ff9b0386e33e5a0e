"""Text as somebody typed it, made safe to store: one spelling of each letter, nothing invisible."""

import re

from .textfold import nfc


def clean_text(text):
    """NFC, no control characters but new lines, no bidi overrides, spaces at the ends off."""
    text = nfc(str(text)).replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]", "", text)
    return text.strip()


def clean_line(text, longest=500):
    """One line of clean text: new lines and runs of spaces become one space; cut at `longest`."""
    return " ".join(clean_text(text).split())[:longest]

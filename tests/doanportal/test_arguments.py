"""Wrong arguments of the commands: a sentence in Vietnamese, not a traceback."""

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["calendar", "abc"], "không phải số nguyên"),
        (["calendar", "1"], "ngoài khoảng 2000 đến 2100"),
        (["publish_plan", "20233"], "ngoài khoảng 2000 đến 2100"),
        (["make_demo", "--units", "3"], "ngoài khoảng 14 đến 500"),
        (["make_demo", "--units", "nhiều"], "không phải số nguyên"),
        (["make_demo", "--year", "99999"], "ngoài khoảng 2000 đến 2100"),
    ],
)
def test_wrong_argument_is_refused_in_vietnamese(command, words):
    with pytest.raises(CommandError, match=words):
        call_command(*command)

"""The golden book: no gap, no double, corrections and revocations as entries of their own."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from awards.golden_book import BookError, correct, detail_of, revoke
from awards.models import GoldenBookEntry, Nomination
from tests.awards.decision_cast import make_cast

CONCURRENT = 50


@pytest.fixture
def cast(at):
    at("2023-12-21T08:00")
    return make_cast()


@pytest.mark.django_db
def test_correction_is_a_new_entry_with_the_next_number(cast):
    first, _ = cast.decide(*cast.nominate(2))
    new = correct(
        first,
        name="Tên Đúng",
        detail=first.detail,
        achievement=first.achievement,
        reason="sai tên",
        by=cast.officer,
    )
    assert (new.number, new.kind, new.corrects, new.line) == (3, "correction", first, first.line)
    first.refresh_from_db()
    assert first.name != "Tên Đúng"


@pytest.mark.django_db
def test_correction_of_what_was_corrected_already_points_to_the_later_entry(cast):
    (entry,) = cast.decide(cast.nominate())
    revoke(entry, reason="khai sai", by=cast.officer)
    with pytest.raises(BookError, match="thu hồi ở số 2"):
        revoke(entry, reason="khai sai", by=cast.officer)


@pytest.mark.django_db
def test_correction_that_changes_nothing_is_refused(cast):
    (entry,) = cast.decide(cast.nominate())
    with pytest.raises(BookError, match="Chưa có gì thay đổi"):
        correct(
            entry,
            name=entry.name,
            detail=entry.detail,
            achievement=entry.achievement,
            reason="x",
            by=cast.officer,
        )


@pytest.mark.django_db
def test_revocation_needs_a_reason(cast):
    (entry,) = cast.decide(cast.nominate())
    with pytest.raises(BookError, match="lý do"):
        revoke(entry, reason="", by=cast.officer)


@pytest.mark.parametrize(
    ("kind", "name", "position", "workplace", "expected"),
    [
        ("individual", "A", "Bí thư", "Xã Lộc Thái", "Bí thư, Xã Lộc Thái, Huyện Đoàn Lộc Ninh"),
        ("individual", "A", "Bí thư Huyện Đoàn Lộc Ninh", "", "Bí thư Huyện Đoàn Lộc Ninh"),
        ("collective", "Đội hình Huyện Đoàn Lộc Ninh", "", "", ""),
        ("collective", "Xã Đoàn Lộc Thái", "", "", "Huyện Đoàn Lộc Ninh"),
    ],
)
def test_detail_names_post_workplace_and_unit_once(kind, name, position, workplace, expected):
    nomination = Nomination(subject_kind=kind, name=name, position=position, workplace=workplace)
    assert detail_of(nomination, "Huyện Đoàn Lộc Ninh") == expected


@pytest.mark.django_db(transaction=True)
def test_fifty_decisions_at_once_leave_no_gap_and_no_double(at):
    at("2023-12-21T08:00")
    worlds = []
    for number in range(CONCURRENT):
        cast = make_cast(name=f"Đợt {number}")
        cast.give(*cast.nominate(2))
        worlds.append((cast, cast.number(str(number + 1))))

    def run(world):
        cast, decision = world
        try:
            return [entry.number for entry in cast.publish(decision)]
        finally:
            connection.close()

    with ThreadPoolExecutor(CONCURRENT) as pool:
        pairs = list(pool.map(run, worlds))
    assert sorted(number for pair in pairs for number in pair) == list(range(1, 2 * CONCURRENT + 1))
    assert all(second == first + 1 for first, second in pairs)
    numbers = GoldenBookEntry.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 2 * CONCURRENT + 1))

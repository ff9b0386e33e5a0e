"""The deadlines of 2023 to the day, and of other years with their weekends and holidays."""

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from plans.calendar import month_period, occurrences, year_calendar
from plans.days_off import WorkingDays
from plans.models import Deadline, Holiday, Plan

MONTHLY_2023 = [
    "27/02",
    "27/03",
    "25/04",
    "25/05",
    "26/06",
    "25/07",
    "25/08",
    "25/09",
    "25/10",
    "27/11",
    "25/12",
]


def due_days(plan, code, year):
    deadline = plan.deadlines.get(code=code)
    days = WorkingDays.from_database([year])
    return [timezone.localtime(due.due_at) for due in occurrences(deadline, year, days)]


@pytest.mark.django_db
def test_monthly_deadline_of_2023_is_due_as_the_design_lists(published_plan):
    assert [f"{due:%d/%m}" for due in due_days(published_plan, "D5", 2023)] == MONTHLY_2023


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "expected"), [("D1", "27/02"), ("D3", "18/03"), ("D4", "20/03")])
def test_dated_deadline_of_2023_is_due_on_the_expected_day(published_plan, code, expected):
    assert [f"{due:%d/%m %H:%M:%S}" for due in due_days(published_plan, code, 2023)] == [
        f"{expected} 23:59:59"
    ]


@pytest.mark.django_db
def test_every_unit_of_2023_owes_fourteen_obligations(published_plan):
    rows = year_calendar(published_plan, 2023)
    per_unit = {}
    for unit, _, _ in rows:
        per_unit[unit.code] = per_unit.get(unit.code, 0) + 1
    assert set(per_unit.values()) == {14}
    assert {f"{code}" for code in range(688, 699)} <= set(per_unit)


@pytest.mark.django_db
def test_another_year_counts_all_twelve_months(published_plan):
    assert len(due_days(published_plan, "D5", 2026)) == 12


@pytest.mark.django_db
def test_month_due_on_tet_moves_past_the_holiday(published_plan):
    # 25/01/2023 is the fourth day of Tết; the first working day after it is Friday 27/01.
    plan = Plan(year=2022, first_period=date(2022, 2, 1), period_starts_on_day=26)
    deadline = Deadline(
        plan=plan, schedule="monthly_day", day=25, boundary="inclusive", day_off="next_working_day"
    )
    first = occurrences(deadline, 2023, WorkingDays.from_database([2023]))[0]
    assert first.printed_on == date(2023, 1, 25)
    assert timezone.localtime(first.due_at).date() == date(2023, 1, 27)


@pytest.mark.django_db
def test_swapped_working_saturday_is_a_working_day(published_plan):
    Holiday.objects.update_or_create(
        date=date(2023, 3, 25), defaults={"name": "Làm bù", "kind": "swap_working"}
    )
    assert f"{due_days(published_plan, 'D5', 2023)[1]:%d/%m}" == "25/03"


@pytest.mark.django_db
def test_override_day_off_moves_the_due_day(published_plan):
    Holiday.objects.create(date=date(2023, 4, 25), name="Nghỉ đột xuất", kind="off")
    assert f"{due_days(published_plan, 'D5', 2023)[2]:%d/%m}" == "26/04"


def test_first_period_opens_on_new_years_day():
    plan = Plan(year=2023, first_period=date(2023, 2, 1), period_starts_on_day=26)
    assert month_period(plan, date(2023, 2, 1)) == (date(2023, 1, 1), date(2023, 2, 25))
    assert month_period(plan, date(2023, 3, 1)) == (date(2023, 2, 26), date(2023, 3, 25))


@given(
    st.dates(date(2019, 1, 1), date(2035, 12, 31)),
    st.sampled_from(["inclusive", "exclusive"]),
    st.sampled_from(["keep", "next_working_day", "previous_working_day"]),
)
def test_last_day_on_time_is_a_working_day_on_the_right_side(day, boundary, day_off):
    from_year = WorkingDays([day.year])
    deadline = Deadline(
        plan=Plan(year=day.year, first_period=day.replace(day=1)),
        schedule="fixed_date",
        day=day.day,
        month=day.month,
        boundary=boundary,
        day_off=day_off,
    )
    (due,) = occurrences(deadline, day.year, from_year)
    last = timezone.localtime(due.due_at).date()
    named = day.toordinal() - (boundary == "exclusive")
    assert due.printed_on == day
    if day_off == "keep":
        assert last.toordinal() == named
    else:
        assert from_year.is_working(last)
        late = last.toordinal() - named
        assert late >= 0 if day_off == "next_working_day" else late <= 0


@pytest.mark.django_db
def test_calendar_csv_is_sorted_and_has_offsets(published_plan, capsys):
    call_command("calendar", "2023", "--csv")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "unit,form,period,printed_on,due_at"
    assert lines[1:] == sorted(lines[1:])
    assert "692,monthly_report,2023-03,2023-03-25,2023-03-27T23:59:59+07:00" in lines
    assert "692,launch_report,2023,2023-03-20,2023-03-20T23:59:59+07:00" in lines

"""Pages of teams, rosters and activities with 10,000 people and 2,000 activities: statements and bytes."""

from django.urls import reverse

from benchmarks import volunteer_world, world
from benchmarks.bench_pages import MOST_HTML, MOST_OF_LISTS, MOST_OF_UNIT, asked, signed_in
from benchmarks.measure import Count, statements, twice
from doanportal import clock
from volunteers.models import Activity, Team


def measure():
    volunteer_world.filled()
    with clock.at(world.NOW):
        for name, user, url, most in pages():
            client = signed_in(user)
            response = asked(client, url)
            sql = statements(lambda client=client, url=url: asked(client, url))
            yield Count(f"{name}, {volunteer_world.PEOPLE} người", len(sql), most)
            yield Count(f"{name}: câu lặp lại", twice(sql), 0)
            yield Count(f"{name}: HTML", len(response.content), MOST_HTML, "byte")


def pages():
    """(name, user, address, most statements)."""
    officer, secretary = world.officer(), world.secretary(volunteer_world.ROSTER_UNIT)
    team = Team.objects.get(unit__code=volunteer_world.ROSTER_UNIT)
    activity = Activity.objects.filter(unit=team.unit).order_by("pk").first()
    return [
        ("đội hình của đơn vị", secretary, reverse("team_list"), MOST_OF_LISTS),
        ("một đội hình", secretary, reverse("team_detail", args=[team.pk]), MOST_OF_LISTS),
        ("danh sách đội hình", secretary, reverse("roster", args=[team.pk]), MOST_OF_LISTS),
        ("tìm trong danh sách", secretary, f"{reverse('roster', args=[team.pk])}?q=00042", MOST_OF_LISTS),
        ("người trùng", secretary, reverse("twins"), MOST_OF_LISTS),
        ("hoạt động của đơn vị", secretary, reverse("activity_list"), MOST_OF_LISTS),
        ("một hoạt động", secretary, reverse("activity_detail", args=[activity.pk]), MOST_OF_LISTS),
        ("trang đếm", secretary, reverse("activity_count", args=[activity.pk]), MOST_OF_UNIT),
        ("đội hình toàn tỉnh", officer, reverse("team_overview"), MOST_OF_LISTS),
        ("hoạt động toàn tỉnh", officer, reverse("activity_list"), MOST_OF_LISTS),
        ("danh mục", officer, reverse("register_home"), MOST_OF_LISTS),
        ("danh mục OCOP", officer, reverse("register_list", args=["ocop"]), MOST_OF_LISTS),
        ("dữ liệu cá nhân", secretary, reverse("personal_home"), MOST_OF_LISTS),
        ("nhật ký xem", secretary, reverse("access_log"), MOST_OF_LISTS),
    ]

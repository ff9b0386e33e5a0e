"""Who may do what with teams, people, activities and registers. Foreign rows are filtered by visible_to()."""

from units.letterhead import PROVINCE_KIND
from units.models import Role
from units.policy import ALLOWED, denied
from units.supervision import departments_of

MANAGERS = (Role.SECRETARY, Role.DEPUTY)


def works_for(user, unit):
    """Whether this person does the unit's own work; Ban Phong trào does the province's (plan IV.1)."""
    if unit.pk in user.unit_ids:
        return True
    return user.is_lead_officer and unit.kind.code == PROVINCE_KIND


def can_manage_team(user, team_or_unit):
    """Found, change and dissolve teams, keep their roster: people of the unit that owns it."""
    unit = getattr(team_or_unit, "unit", team_or_unit)
    if works_for(user, unit):
        return ALLOWED
    return denied("Chỉ người của đơn vị lập và sửa đội hình của đơn vị.")


def can_record_decision(user, team):
    """Number, day and signed scan of its decision: people of the unit; the province's team's also văn thư."""
    if works_for(user, team.unit):
        return ALLOWED
    clerk = any(post.role == Role.CLERK for post in user.current_posts)
    if clerk and team.unit.kind.code == PROVINCE_KIND:
        return ALLOWED
    return denied("Số, ngày và bản đã ký do người của đơn vị ban hành ghi.")


def can_see_people(user, unit):
    """Read personal fields of the unit: the unit itself, Ban Phong trào, the department in charge."""
    if works_for(user, unit) or user.is_lead_officer:
        return ALLOWED
    if any(row.pk in user.officer_department_ids for row in departments_of([unit.pk])[unit.pk]):
        return ALLOWED
    return denied("Danh sách người chỉ đơn vị, Ban Phong trào và Ban phụ trách xem được.")


def can_read_access_log(user, unit):
    """The log of who saw personal data: Bí thư, Phó Bí thư of the unit, and Ban Phong trào."""
    if user.is_lead_officer:
        return ALLOWED
    if any(post.unit_id == unit.pk and post.role in MANAGERS for post in user.current_posts):
        return ALLOWED
    return denied("Nhật ký xem dữ liệu do Bí thư, Phó Bí thư của đơn vị đọc.")


def can_manage_activity(user, activity_or_unit):
    """Plan, count and close an activity: its host; a department hosts its own."""
    unit = getattr(activity_or_unit, "unit", activity_or_unit)
    if works_for(user, unit) or unit.pk in user.officer_department_ids:
        return ALLOWED
    return denied("Chỉ đơn vị chủ trì ghi và sửa hoạt động.")


def can_answer_plan(user, activity):
    """Take note of or comment on an activity plan: Ban Phong trào and the department in charge (D6)."""
    if user.is_lead_officer:
        return ALLOWED
    departments = departments_of([activity.unit_id])[activity.unit_id]
    if any(row.pk in user.officer_department_ids for row in departments):
        return ALLOWED
    return denied("Ban Phong trào và Ban chuyên môn phụ trách đơn vị trả lời phương án.")


def can_manage_register(user, row_or_unit):
    """Keep the unit's registers: its own people; Ban Phong trào the province's."""
    unit = getattr(row_or_unit, "unit", row_or_unit)
    if works_for(user, unit):
        return ALLOWED
    return denied("Chỉ người của đơn vị ghi và sửa danh mục của đơn vị.")

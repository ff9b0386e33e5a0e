"""Who may do what with awards, and why not; and what each audience of a round sees from which stage."""

from units.models import Role
from units.policy import ALLOWED, denied
from units.supervision import departments_of

from .models import CHECKING_DEPARTMENT, STAGE_ORDER, CouncilMember, Visibility

SUBMITTERS = (Role.SECRETARY, Role.DEPUTY)


def holds(user, role, unit_code=None):
    return any(
        post.role == role and (unit_code is None or post.unit.code == unit_code)
        for post in user.current_posts
    )


def is_checker(user):
    """Officer of Ban Xây dựng Đoàn, who checks together with Ban Phong trào (plan IV.1)."""
    return holds(user, Role.OFFICER, CHECKING_DEPARTMENT)


def is_council_secretary(user):
    return holds(user, Role.COUNCIL_SECRETARY)


def is_leader(user):
    return holds(user, Role.LEADER)


def in_charge_of(user, unit):
    """Officer of the department that looks after the unit, directly or through its cluster."""
    departments = departments_of([unit.pk])[unit.pk]
    return any(row.pk in user.officer_department_ids for row in departments)


def is_own_case(user, unit):
    """Nobody judges the own unit's case: it is not even in one's queue."""
    return unit.pk in user.unit_ids


def can_manage_rounds(user):
    if user.is_lead_officer:
        return ALLOWED
    return denied("Ban Phong trào lập và mở đợt xét chọn.")


def can_prepare(user, unit):
    """Write the unit's dossier: the people of the unit."""
    if unit.pk in user.unit_ids:
        return ALLOWED
    return denied("Chỉ người của đơn vị lập hồ sơ của đơn vị.")


def can_hand_in(user, unit):
    """Hand in: the Bí thư or a Phó Bí thư."""
    if any(post.unit_id == unit.pk and post.role in SUBMITTERS for post in user.current_posts):
        return ALLOWED
    return denied("Đồng chí Bí thư hoặc Phó Bí thư của đơn vị là người gửi hồ sơ.")


def can_propose(user, unit):
    """The cluster's department says what it proposes (seed plan IV.3, R6)."""
    if is_own_case(user, unit):
        return denied("Đồng chí không xét hồ sơ của đơn vị mình.")
    if in_charge_of(user, unit) or user.is_lead_officer:
        return ALLOWED
    return denied("Ban chuyên môn phụ trách cụm của đơn vị đề xuất.")


def can_check(user, unit):
    """Ban Phong trào checks and passes on to the council."""
    if is_own_case(user, unit):
        return denied("Đồng chí không xét hồ sơ của đơn vị mình.")
    if user.is_lead_officer:
        return ALLOWED
    return denied("Ban Phong trào kiểm tra và chuyển hồ sơ đến Hội đồng.")


def can_check_together(user, unit):
    if is_own_case(user, unit):
        return denied("Đồng chí không xét hồ sơ của đơn vị mình.")
    if is_checker(user):
        return ALLOWED
    return denied("Ban Xây dựng Đoàn cho ý kiến phối hợp.")


def can_ask_supplement(user, unit):
    """Whoever judges it may ask for more, as long as the round is open."""
    if decision := can_propose(user, unit):
        return decision
    return can_check_together(user, unit)


def can_keep_council(user):
    """Keep members, attendance, conflicts and counts: the council's secretary, or Ban Phong trào."""
    if is_council_secretary(user) or user.is_lead_officer:
        return ALLOWED
    return denied("Thư ký Hội đồng ghi việc của Hội đồng.")


def can_confirm_votes(user, count):
    """A second person: another secretary, Ban Phong trào, a leader or a member of the council."""
    if count.entered_by_id == user.pk:
        return denied("Người xác nhận phải khác người đã nhập kết quả kiểm phiếu.")
    if can_keep_council(user) or is_leader(user) or is_member(user, count.council_id):
        return ALLOWED
    return denied("Người xác nhận là thành viên Hội đồng, Thư ký hoặc Ban Phong trào.")


def is_member(user, council_id):
    return CouncilMember.objects.filter(council=council_id, user=user).exists()


def can_decide(user):
    """Write down and publish what the Standing Committee decided."""
    if user.is_lead_officer or is_leader(user):
        return ALLOWED
    return denied("Thường trực hoặc Ban Phong trào ghi và công bố Quyết định.")


def can_keep_golden_book(user):
    if user.is_lead_officer or holds(user, Role.CLERK):
        return ALLOWED
    return denied("Ban Phong trào và Văn thư giữ sổ vàng, in bằng.")


def audiences_of(user, unit, council_id=None):
    """The audiences of a round that this person belongs to, towards a unit's dossier."""
    found = set()
    if unit.pk in user.unit_ids:
        # Whoever works for the unit sees it as the unit does, whatever else the person is.
        return {Visibility.Audience.OWN_UNIT}
    if user.is_lead_officer:
        found.add(Visibility.Audience.LEAD)
    if is_checker(user):
        found.add(Visibility.Audience.CHECKER)
    if is_council_secretary(user):
        found.add(Visibility.Audience.SECRETARY)
    if is_leader(user):
        found.add(Visibility.Audience.LEADER)
    if council_id and is_member(user, council_id):
        found.add(Visibility.Audience.COUNCIL)
    if in_charge_of(user, unit):
        found.add(Visibility.Audience.DEPARTMENT)
    return found


def may_see(what, *, audiences, stage, visibilities):
    """Whether one of the audiences sees `what` at that stage; `visibilities` are the round's rows."""
    return any(
        row.what == what and row.audience in audiences and STAGE_ORDER[stage] >= STAGE_ORDER[row.from_stage]
        for row in visibilities
    )

"""Who may do what to a report, and why not. Foreign objects are filtered before, by visible_to()."""

from units.models import Role
from units.policy import Decision
from units.supervision import departments_of

SUBMITTERS = (Role.SECRETARY, Role.DEPUTY)


def can_edit(user, obligation):
    """Type in a draft: whoever holds a post of the unit that owes the report.

    In a draft «nhập thay» also who may enter for the unit; `draft_on_behalf` comes with
    queries_unit.with_versions(), an obligation from elsewhere has no such draft at hand.
    """
    if obligation.owner_id in user.unit_ids:
        return Decision(True, "")
    if getattr(obligation, "draft_on_behalf", False):
        return can_enter_on_behalf(user, obligation)
    return Decision(False, "Chỉ người của đơn vị được soạn báo cáo này.")


def can_submit(user, obligation):
    """Hand in: the Bí thư or a Phó Bí thư of the unit."""
    if any(post.unit_id == obligation.owner_id and post.role in SUBMITTERS for post in user.current_posts):
        return Decision(True, "")
    return Decision(False, "Đồng chí Bí thư hoặc Phó Bí thư của đơn vị là người gửi báo cáo.")


def can_upload_signed(user, obligation):
    return can_edit(user, obligation)


def can_accept(user, obligation):
    """Take note: an officer of Ban Phong trào (design.md §4, Acceptance)."""
    if user.is_lead_officer:
        return Decision(True, "")
    return Decision(False, "Ban Phong trào là nơi tiếp nhận báo cáo.")


def can_review(user, obligation):
    """Remark and ask for amendments: Ban Phong trào or the department in charge of the unit."""
    if user.is_lead_officer or in_charge(user, obligation):
        return Decision(True, "")
    return Decision(False, "Chỉ Ban Phong trào và Ban chuyên môn phụ trách đơn vị được đề nghị bổ sung.")


def can_enter_on_behalf(user, obligation):
    """«Nhập thay»: Ban Phong trào or the department in charge."""
    return can_review(user, obligation)


def can_adjust(user, obligation):
    """Extend or waive: Ban Phong trào."""
    if user.is_lead_officer:
        return Decision(True, "")
    return Decision(False, "Chỉ Ban Phong trào được gia hạn hoặc miễn báo cáo.")


def in_charge(user, obligation):
    departments = departments_of([obligation.owner_id])[obligation.owner_id]
    return any(department.pk in user.officer_department_ids for department in departments)

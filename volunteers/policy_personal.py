"""Who may write down, decide and erase what concerns people's own data (domain.md §5.1)."""

from units.policy import ALLOWED, denied, gate

from .policy import MANAGERS, works_for


def reads_people(user):
    """Whether this person keeps people at all: a unit's own, or Ban Phong trào."""
    return bool(user.unit_ids) or user.is_lead_officer


personal_required = gate(reads_people)


def can_keep_records(user, unit):
    """Write down consents and requests: people of the unit, and Ban Phong trào."""
    if works_for(user, unit) or user.is_lead_officer:
        return ALLOWED
    return denied("Sự đồng ý và yêu cầu về dữ liệu do đơn vị quản lý và Ban Phong trào ghi.")


def can_decide(user, unit):
    """Carry out or refuse a request, copy, erase: Bí thư, Phó Bí thư of the unit, Ban Phong trào."""
    if user.is_lead_officer:
        return ALLOWED
    if any(post.unit_id == unit.pk and post.role in MANAGERS for post in user.current_posts):
        return ALLOWED
    return denied("Việc này do Bí thư, Phó Bí thư của đơn vị hoặc Ban Phong trào quyết định.")

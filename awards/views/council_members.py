"""Who sits on the council, and the session: day, place, attendance, opening."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from doanportal.textfold import fold
from doanportal.typed import clean_line
from units.models import Unit, User
from units.policy import signed_in

from ..council import (
    CouncilChanged,
    CouncilError,
    back_to_preparation,
    missing_to_open,
    open_session,
    quorum_words,
    record_session,
    remove_member,
    save_member,
)
from ..forms_council import MemberForm, SessionForm, attendance_typed
from ..models import Council
from ..queries_council import members_of
from .council_access import MET, METHODS, REFUSED, TEMPLATES, keeper_desk

FOUND = 20
LONGEST_SEARCH = 60
PRESENCE = {None: "chưa ghi", True: "có mặt", False: "vắng"}


def accounts():
    return User.objects.filter(is_active=True)


def member_units():
    """Units a member may come from: departments, districts, attached units; not communes."""
    return Unit.objects.filter(kind__level__lte=1, closed_on=None).order_by("display_order", "pk")


@require_http_methods(METHODS)
@signed_in
def council_members(request, round_id):
    """The list; add somebody, an account found by name or only a name."""
    desk = keeper_desk(request.user, round_id)
    form = MemberForm(
        request.POST if request.method == "POST" else None,
        users=accounts(),
        units=member_units(),
        initial=initial_of(chosen_account(request.GET.get("chon", ""))),
    )
    if keep_member(request, desk, form, None):
        messages.success(request, "Đã thêm thành viên.")
        return redirect("council_members", round_id)
    words = clean_line(request.GET.get("tim", ""), LONGEST_SEARCH)
    seated = {member.user_id for member in desk.members}
    page = {
        "desk": desk,
        "form": form,
        "words": words,
        "found": [user for user in search(words) if user.pk not in seated],
        "editable": desk.council is None or desk.council.state == Council.State.PREPARED,
    }
    return render(request, f"{TEMPLATES}/members.html", page, status=REFUSED if form.errors else 200)


def search(words):
    key = fold(words)
    return list(accounts().filter(search_key__contains=key).order_by("full_name")[:FOUND]) if key else []


def chosen_account(text):
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    return accounts().filter(pk=text).first()


def initial_of(user):
    """What is known of an account: name, post, unit."""
    if user is None:
        return {}
    post = user.unit_post or next(iter(user.current_posts), None)
    found = {"user": user.pk, "name": user.full_name}
    if post is not None:
        title = post.get_role_display()
        found["title"] = title if "Đoàn" in title else f"{title} {post.unit.name}"
    if user.unit_post is not None:
        found["unit"] = user.unit_post.unit_id
    return found


def keep_member(request, desk, form, member_id):
    """Whether it was saved; what the rule refuses stands at its field."""
    if not (request.method == "POST" and form.is_valid()):
        return False
    try:
        save_member(desk.round, member_id=member_id, by=request.user, **form.cleaned_data)
    except CouncilError as error:
        shown = error.field in form.fields and not form.fields[error.field].widget.is_hidden
        form.add_error(error.field if shown else None, str(error))
        return False
    return True


@require_http_methods(METHODS)
@signed_in
def council_member(request, round_id, member_id):
    """Mend what stands there of a member, or take the member out, before the council sits."""
    desk = keeper_desk(request.user, round_id)
    member = next((one for one in desk.members if one.pk == member_id), None)
    if member is None:
        raise Http404
    removing = request.method == "POST" and request.POST.get("action") == "remove"
    if removing:
        try:
            remove_member(desk.round, member_id=member_id, by=request.user)
        except CouncilError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Đã bỏ khỏi Hội đồng.")
        return redirect("council_members", round_id)
    fields = ("user", "name", "title", "role", "unit")
    form = MemberForm(
        request.POST if request.method == "POST" else None,
        users=accounts(),
        units=member_units(),
        initial={
            name: getattr(member, f"{name}_id" if name in ("user", "unit") else name) for name in fields
        },
    )
    if keep_member(request, desk, form, member_id):
        messages.success(request, "Đã lưu.")
        return redirect("council_members", round_id)
    page = {"desk": desk, "form": form, "member": member}
    return render(request, f"{TEMPLATES}/member.html", page, status=REFUSED if form.errors else 200)


@require_http_methods(METHODS)
@signed_in
def council_attendance(request, round_id):
    """Day, hour, place; who is present, who is away and why; then the session is opened."""
    desk = keeper_desk(request.user, round_id)
    if desk.council is None or not desk.members:
        messages.info(request, "Trước hết hãy ghi thành viên Hội đồng.")
        return redirect("council_members", round_id)
    council = desk.council
    form = SessionForm(
        request.POST if request.method == "POST" else None,
        initial={
            name: getattr(council, name) or None for name in ("sits_on", "starts_time", "place", "basis")
        },
    )
    typed = attendance_typed(request.POST, desk.members) if request.method == "POST" else None
    status = 200
    if request.method == "POST":
        action = request.POST.get("action", "save")
        try:
            if action == "reopen":
                back_to_preparation(desk.round, by=request.user)
                messages.success(request, "Đã quay lại bước chuẩn bị.")
                return redirect("council_attendance", round_id)
            if form.is_valid():
                keep_session(request, desk, form, typed)
                if action == "open":
                    open_session(desk.round, by=request.user)
                    messages.success(request, "Đã khai mạc phiên họp.")
                    return redirect("council_detail", round_id)
                messages.success(request, "Đã lưu phiên họp và danh sách có mặt.")
                return redirect("council_attendance", round_id)
            status = REFUSED
        except CouncilError as error:
            form.add_error(None, str(error)) if form.is_bound else None
            status = MET if isinstance(error, CouncilChanged) else REFUSED
    return attendance_page(request, desk, form, typed, status)


def keep_session(request, desk, form, typed):
    text = request.POST.get("revision", "")
    record_session(
        desk.round,
        revision=int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1,
        attendance=typed,
        by=request.user,
        **form.cleaned_data,
    )


def attendance_page(request, desk, form, typed, status):
    """Typed marks come back; the revision is that of what is stored now, which the page shows beside."""
    desk.council.refresh_from_db()
    stored = members_of(desk.council)
    rows = []
    for member in stored:
        now = (member.present, member.absence_reason)
        shown = typed.get(member.pk, now) if typed else now
        rows.append((member, *shown, PRESENCE[member.present] if shown[0] != member.present else ""))
    page = {
        "desk": desk,
        "form": form,
        "rows": rows,
        "missing": missing_to_open(desk.round, desk.council, stored),
        "quorum": quorum_words(desk.round, stored),
        "prepared": desk.council.state == Council.State.PREPARED,
    }
    return render(request, f"{TEMPLATES}/attendance.html", page, status=status)

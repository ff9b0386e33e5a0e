"""Lists of a round: what a department proposes, what Ban Phong trào checks; each passed on in one act."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from doanportal.downloads import attachment
from doanportal.paper import to_docx, to_pdf
from units.events import record
from units.policy import post_required

from ..checks import CheckError, pass_to_check, pass_to_council
from ..documents.cluster_proposal import proposal_paper
from ..models import Assessment, Stage
from ..policy import is_checker
from ..queries_checks import (
    PER_PAGE,
    check_rows,
    cluster_rows,
    departments_in_charge,
    in_list_order,
    lines_of,
    list_fields,
    rounds_visible,
    tally,
    with_judgement,
)
from .checks import METHODS, REFUSED, TEMPLATES, CountedPaginator

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RENDERERS = {"pdf": (to_pdf, "application/pdf"), "docx": (to_docx, WORD)}
NOBODY = "khong-co"  # units that no department looks after
Step = Assessment.Step


def round_or_404(user, round_id):
    return get_object_or_404(rounds_visible(user), pk=round_id)


def department_asked(request, award_round):
    """(the department whose list it is, None for units without one; those to choose from)."""
    user = request.user
    if not user.officer_department_ids:
        raise PermissionDenied("Cán bộ Ban phụ trách cụm lập danh sách đề xuất.")
    mine = [post.unit for post in user.current_posts if post.unit_id in user.officer_department_ids]
    choices = departments_in_charge(award_round) if user.is_lead_officer else mine
    asked = request.POST.get("ban") or request.GET.get("ban")
    if asked == NOBODY and user.is_lead_officer:
        return None, choices
    if asked:
        found = [row for row in choices if row.code == asked]
        if not found:
            raise Http404
        return found[0], choices
    own = [row for row in choices if row in mine]
    return ((own or choices or [None])[0]), choices


@require_http_methods(METHODS)
@post_required
def cluster_list(request, round_id):
    """The department's proposal list; «Chuyển Ban Phong trào» moves all of it that was judged."""
    award_round = round_or_404(request.user, round_id)
    department, choices = department_asked(request, award_round)
    code = department.code if department else NOBODY
    if request.method == "POST":
        passed = pass_to_check(award_round, department=department, by=request.user)
        say(request, passed, "Ban Phong trào")
        return redirect(reverse("cluster_list", args=[round_id]) + f"?{urlencode({'ban': code})}")
    rows = with_judgement(cluster_rows(request.user, award_round, department), Step.CLUSTER)
    counted = tally(rows, Stage.CLUSTER)
    page = CountedPaginator(in_list_order(list_fields(rows)), PER_PAGE, counted.all).get_page(
        request.GET.get("trang")
    )
    context = {
        "round": award_round,
        "department": department,
        "choices": choices if request.user.is_lead_officer else [],
        "code": code,
        "nobody": NOBODY,
        "tally": counted,
        "page": page,
        "lines": lines_of(page.object_list),
        "page_query": f"{urlencode({'ban': code})}&",
    }
    return render(request, f"{TEMPLATES}/cluster.html", context)


def say(request, passed, where):
    words = f"Đã chuyển {passed.moved} đề nghị đến {where}." if passed.moved else "Chưa chuyển đề nghị nào."
    level = messages.success if passed.moved else messages.info
    level(request, f"{words} {passed.stayed_words}".strip())


@require_safe
@post_required
def cluster_paper(request, round_id, kind):
    """The proposal list as a file on the department's letterhead."""
    award_round = round_or_404(request.user, round_id)
    department, _ = department_asked(request, award_round)
    if kind not in RENDERERS or department is None:
        raise Http404
    render_paper, content_type = RENDERERS[kind]
    rows = with_judgement(cluster_rows(request.user, award_round, department), Step.CLUSTER)
    lines = lines_of(in_list_order(list_fields(rows)).prefetch_related("unit__names"))
    content = render_paper(proposal_paper(award_round, department, lines))
    record(verb="award_take_proposal_list", subject=award_round, actor=request.user, to_state=kind)
    return attachment(content, content_type, f"Danh sách đề xuất {award_round.name}.{kind}")


@require_http_methods(METHODS)
@post_required
def bpt_list(request, round_id):
    """Ban Phong trào's check list, the opinion of Ban Xây dựng Đoàn beside; «Chuyển Hội đồng»."""
    user = request.user
    award_round = round_or_404(user, round_id)
    if not (user.is_lead_officer or is_checker(user)):
        raise PermissionDenied("Ban Phong trào và Ban Xây dựng Đoàn kiểm tra hồ sơ.")
    message = ""
    if request.method == "POST":
        if not user.is_lead_officer:
            raise PermissionDenied("Ban Phong trào chuyển hồ sơ đến Hội đồng.")
        try:
            passed = pass_to_council(
                award_round,
                rows=check_rows(user, award_round),
                by=user,
                without_opinion=bool(request.POST.get("ca-chua-co-y-kien")),
            )
        except CheckError as error:
            message = str(error)
        else:
            say(request, passed, "Hội đồng")
            return redirect("bpt_list", round_id)
    rows = with_judgement(check_rows(user, award_round), Step.CHECK)
    counted = tally(rows, Stage.CHECK)
    page = CountedPaginator(in_list_order(list_fields(rows)), PER_PAGE, counted.all).get_page(
        request.GET.get("trang")
    )
    context = {
        "round": award_round,
        "tally": counted,
        "page": page,
        "lines": lines_of(page.object_list),
        "leads": user.is_lead_officer,
        "message": message,
    }
    return render(request, f"{TEMPLATES}/bpt.html", context, status=REFUSED if message else 200)

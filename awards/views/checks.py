"""Xét hồ sơ: the queue of a person, one nomination with the form to judge it, requests for supplements."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from units.policy import post_required
from volunteers.models import PersonalAccess

from ..checks import (
    CheckError,
    VersionChanged,
    ask_supplement,
    assess,
    check_supplements,
    last_day_to_supplement,
    may_judge,
    step_for,
    wrong_time,
)
from ..duplicates import matches_of
from ..forms_checks import AskSupplementForm, AssessForm
from ..models import Assessment, AwardForm, Stage, SubjectKind, Visibility
from ..policy import can_ask_supplement, can_propose, is_own_case
from ..queries_checks import (
    PER_PAGE,
    TAB_WORDS,
    assessments_of,
    counts_of_queue,
    newest_by_step,
    next_waiting,
    queue_rows,
    rounds_of_queue,
    steps_of,
)
from ..queries_dossier import versions_of
from ..stages import StageError
from .dossier_access import nomination_or_404, note_people, status_of, tell, typed

METHODS = ["GET", "HEAD", "POST"]
TEMPLATES = "awards/checks"
REFUSED, MET = 422, 409
Step = Assessment.Step
STEP_WORDS = {Step.CLUSTER: "cum", Step.CHECK: "kiem-tra", Step.CHECK_TOGETHER: "phoi-hop"}
STEPS = {words: step for step, words in STEP_WORDS.items()}
GENDERS = {"male": "Nam", "female": "Nữ"}


class CountedPaginator(Paginator):
    """Pages of rows that were counted already."""

    def __init__(self, rows, per_page, count):
        super().__init__(rows, per_page)
        self.count = count


def number_asked(text):
    """A number of an address, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else None


def step_asked(request, steps):
    """The step whose queue is looked at: ?buoc=, else the first of the person's own."""
    step = STEPS.get(request.GET.get("buoc", ""))
    return step if step in steps else steps[0]


def query_of(step, round_id):
    """?buoc=…&dot=… of a queue."""
    return "?" + urlencode({"buoc": STEP_WORDS[step]} | ({"dot": round_id} if round_id else {}))


@require_safe
@post_required
def check_queue(request):
    """What waits for this person, oldest first, of one round or of all."""
    user = request.user
    steps = steps_of(user)
    if not steps:
        raise PermissionDenied("Cán bộ các Ban phụ trách cụm, Ban Phong trào và Ban Xây dựng Đoàn xét hồ sơ.")
    step = step_asked(request, steps)
    rounds = rounds_of_queue(user, step)
    counts = counts_of_queue(user, known={step: sum(number for *_, number in rounds)})
    asked = number_asked(request.GET.get("dot"))
    round_id = asked if asked in {pk for pk, *_ in rounds} else None
    in_all = sum(number for pk, _, number in rounds if round_id in (None, pk))
    page = CountedPaginator(queue_rows(user, step, round_id), PER_PAGE, in_all).get_page(
        request.GET.get("trang")
    )
    query = query_of(step, round_id)
    context = {
        "tabs": [(TAB_WORDS[one], query_of(one, None), counts[one], one == step) for one in steps],
        "rounds": rounds,
        "round_id": round_id,
        "step": STEP_WORDS[step],
        "page": page,
        "rows": list(page.object_list),
        "query": query,
        "page_query": f"{query[1:]}&",
        "all": counts[step],
    }
    return render(request, f"{TEMPLATES}/queue.html", context)


def judged_nomination(user, nomination_id):
    """(nomination, Sight) for who judges it by post; the own unit's is refused, a foreign one is 404."""
    nomination, sight = nomination_or_404(user, nomination_id)
    if is_own_case(user, nomination.unit):
        raise PermissionDenied(can_propose(user, nomination.unit).reason)
    if nomination.stage == Stage.DRAFT or nomination.fallback_of_id:
        raise Http404
    if not any(may_judge(user, nomination, step) for step in Step):
        raise PermissionDenied("Ban phụ trách cụm, Ban Phong trào và Ban Xây dựng Đoàn xét hồ sơ này.")
    return nomination, sight


def queue_of(request, step):
    """(query, round id) of the queue this page was opened from."""
    round_id = number_asked(request.GET.get("dot"))
    return (query_of(step, round_id) if step else "", round_id)


@require_http_methods(METHODS)
@post_required
def check_nomination(request, nomination_id):
    """The dossier as it was sent, what was said of it, and the form: save and next, or skip."""
    user = request.user
    nomination, sight = judged_nomination(user, nomination_id)
    step = step_for(user, nomination)
    versions = versions_of(nomination)
    assessments = assessments_of(nomination)
    own = newest_by_step(assessments).get(step)
    first = {"verdict": own.verdict, "text": own.text} if own else {}
    form = AssessForm(typed(request), initial=first) if step else None
    query, round_id = queue_of(request, step)
    message, status = "", None
    if request.method == "POST":
        if step is None:
            message, status = too_late(user, nomination), REFUSED
        elif form.is_valid():
            try:
                assess(
                    nomination,
                    step=step,
                    version_id=number_asked(request.POST.get("version")),
                    verdict=form.cleaned_data["verdict"],
                    text=form.cleaned_data["text"],
                    by=user,
                )
            except VersionChanged as error:
                form.add_error(None, str(error))
                status = MET
            except (CheckError, StageError) as error:
                tell(form, error)
            else:
                messages.success(request, "Đã lưu ý kiến.")
                return onward(request, nomination, step, round_id)
    note_people(user, nomination.unit, [nomination], PersonalAccess.Kind.PERSON)
    chosen = version_asked(request, versions)
    sees = sight.sees(Visibility.What.REMARKS, nomination.stage)
    page = {
        "nomination": nomination,
        "unit": nomination.unit,
        "round": nomination.round,
        "step": step,
        "step_words": Step(step).label if step else "",
        "form": form,
        "message": message,
        "version": chosen,
        "newest": versions[0][0],
        "versions": versions,
        "content": reading(chosen.content, nomination),
        "assessments": [
            (row, row.version.number < versions[0][0].number)
            for row in assessments
            if sees or row.by_id == user.pk or row.department_id in user.officer_department_ids
        ],
        "own_stale": own is not None and own.version_id != versions[0][0].pk,
        "own": own,
        "matches": matches_of(nomination),
        "requests": list(
            nomination.supplement_requests.filter(answered_by_version=None).select_related("by")
        ),
        "may_ask": may_ask(user, nomination),
        "query": query,
        "skip": next_waiting(user, step, after=nomination, round_id=round_id) if step else None,
    }
    return render(
        request, f"{TEMPLATES}/nomination.html", page, status=status or (status_of(form) if form else 200)
    )


def too_late(user, nomination):
    """Why this person's verdict comes at the wrong time."""
    return wrong_time(nomination, next(step for step in Step if may_judge(user, nomination, step)))


def onward(request, nomination, step, round_id):
    """To the next of the queue; a list that sent the person here gets it back; else the empty queue."""
    if request.POST.get("roi") == "danh-sach":
        name = "cluster_list" if step == Step.CLUSTER else "bpt_list"
        return redirect(name, nomination.round_id)
    following = next_waiting(request.user, step, after=nomination, round_id=round_id)
    query = query_of(step, round_id)
    if following is None:
        return redirect(reverse("check_queue") + query)
    return redirect(reverse("check_nomination", args=[following]) + query)


def version_asked(request, versions):
    """The NominationVersion that ?ban= asks for, else the newest; 404 for one that isn't there."""
    asked = request.GET.get("ban")
    for row, _ in versions:
        if asked is None or str(row.number) == asked:
            return row
    raise Http404


def reading(content, nomination):
    """A version's content for the page: words for codes; what was erased is simply not there."""
    form = AwardForm.objects.filter(code=content.get("form", "")).first()
    return content | {
        "individual": nomination.subject_kind == SubjectKind.INDIVIDUAL,
        "gender_words": GENDERS.get(content.get("gender"), ""),
        "form_name": form.name if form else "",
        "pieces": [row for row in content.get("pieces", []) if row.get("state") != "present"],
    }


def may_ask(user, nomination):
    """Whether this person may ask for supplements now."""
    if not can_ask_supplement(user, nomination.unit):
        return False
    try:
        check_supplements(nomination, nomination.round)
    except StageError:
        return False
    return True


@require_http_methods(METHODS)
@post_required
def check_supplement(request, nomination_id):
    """Ask the unit for supplements while the round is open: what was sent stays, nothing is given back."""
    nomination, _ = judged_nomination(request.user, nomination_id)
    if not (decision := can_ask_supplement(request.user, nomination.unit)):
        raise PermissionDenied(decision.reason)
    form = AskSupplementForm(typed(request))
    message = ""
    try:
        check_supplements(nomination, nomination.round)
    except StageError as error:
        message = str(error)
    if not message and form.is_valid():
        try:
            ask_supplement(nomination, by=request.user, **form.cleaned_data)
        except CheckError as error:
            tell(form, error)
        except StageError as error:
            message = str(error)
        else:
            messages.success(request, "Đã gửi đề nghị bổ sung cho đơn vị.")
            return redirect("check_nomination", nomination_id)
    page = {
        "nomination": nomination,
        "round": nomination.round,
        "unit": nomination.unit,
        "form": form,
        "message": message,
        "latest": last_day_to_supplement(nomination.round),
        "requests": list(
            nomination.supplement_requests.filter(answered_by_version=None).select_related("by")
        ),
    }
    refused = REFUSED if message and request.method == "POST" else status_of(form)
    return render(request, f"{TEMPLATES}/supplement.html", page, status=refused)

"""Excel in and out: upload, see what would happen, take over; templates and exports."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from doanportal.downloads import attachment, private
from doanportal.formats import format_date
from doanportal.textfold import fold
from units.letterhead import PROVINCE_KIND
from units.models import Unit
from units.policy import post_required

from ..access_log import ALL_FIELDS, note_access
from ..consents import text_in_force
from ..forms_registers import positive
from ..forms_workbooks import ExportForm, TakeForm, TemplateForm, UploadForm
from ..models import PersonalAccess, Team, WorkbookImport
from ..policy import can_manage_register, can_manage_team, can_see_people
from ..workbook import imports
from ..workbook.exports import export_register, export_roster, register_template, roster_template
from ..workbook.findings import LEVELS
from ..workbook.kinds import DEFINITIONS, REGISTERS
from ..workbook.plan import ACTIONS

METHODS = ["GET", "HEAD", "POST"]
TEMPLATES = "volunteers/workbooks"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A_PAGE = 50
UNFINISHED = 5
RUNNING = (WorkbookImport.State.CHECKING, WorkbookImport.State.TAKING)


class Place:
    """Whose list it is: a team's roster, or a register of one of the units this person works for."""

    def __init__(self, request, workbook_kind, team_id, *, writing):
        self.kind, self.definition = workbook_kind, DEFINITIONS[workbook_kind]
        self.team = self.unit = None
        if team_id is not None:
            teams = Team.objects.visible_to(request.user).select_related("unit__kind")
            self.team = get_object_or_404(teams, pk=team_id)
            self.unit = self.team.unit
            allow = can_manage_team if writing else can_see_people
            self.require(allow(request.user, self.unit))
        elif writing:
            self.unit = own_unit(request)
            self.require(can_manage_register(request.user, self.unit))

    @staticmethod
    def require(decision):
        if not decision.allowed:
            raise PermissionDenied(decision.reason)

    @property
    def args(self):
        return (self.kind, self.team.pk) if self.team else (self.kind,)

    @property
    def context(self):
        return {
            "kind": self.kind,
            "definition": self.definition,
            "team": self.team,
            "unit": self.unit,
            "is_roster": self.team is not None,
        }


def own_unit(request):
    """The unit whose register is meant: ?don-vi= where there are several. PermissionDenied without any."""
    units = Unit.objects.filter(pk__in=request.user.unit_ids)
    if request.user.is_lead_officer:
        units |= Unit.objects.filter(kind__code=PROVINCE_KIND)
    units = list(units.select_related("kind").order_by("display_order", "pk"))
    if not units:
        raise PermissionDenied("Chỉ người của đơn vị ghi và sửa danh mục của đơn vị.")
    asked = positive(request.GET.get("don-vi", ""), 9)
    if not asked:
        return units[0]
    found = [unit for unit in units if unit.pk == asked]
    if not found:
        raise Http404
    return found[0]


@require_http_methods(METHODS)
@post_required
def import_start(request, workbook_kind, team_id=None):
    """The template, and the upload that is read and checked; nothing is written to the list yet."""
    place = Place(request, workbook_kind, team_id, writing=True)
    posted = request.POST if request.method == "POST" else None
    form = UploadForm(posted, request.FILES or None, with_day=place.team is not None)
    if posted is not None and form.is_valid():
        row = imports.start_import(
            upload=form.cleaned_data["file"],
            kind=place.kind,
            unit=place.unit,
            team=place.team,
            as_of=form.cleaned_data.get("as_of"),
            by=request.user,
        )
        return redirect("import_detail", row.pk)
    return start_page(request, place, form, TemplateForm(), status=422 if posted is not None else 200)


def start_page(request, place, form, template_form, *, status=200):
    unfinished = (
        imports.imports_of(request.user)
        .filter(kind=place.kind, unit=place.unit, team_id=place.team.pk if place.team else None)
        .filter(state__in=(*imports.OPEN_STATES, WorkbookImport.State.TAKING))
        .defer("findings", "summary")[:UNFINISHED]
    )
    context = place.context | {"form": form, "template_form": template_form, "unfinished": unfinished}
    return render(request, f"{TEMPLATES}/start.html", context, status=status)


@require_http_methods(METHODS)
@post_required
def import_template(request, workbook_kind, team_id=None):
    """An empty template by GET; by POST one filled with what is there, of people only with a reason."""
    place = Place(request, workbook_kind, team_id, writing=True)
    filled = request.method == "POST"
    if place.team is None:
        content = register_template(REGISTERS[place.kind], place.unit, filled=filled)
        return attachment(content, XLSX, file_name(place.definition.title, "danh mục" if filled else "mẫu"))
    reason = ""
    if filled:
        form = TemplateForm(request.POST)
        if not form.is_valid():
            return start_page(request, place, UploadForm(with_day=True), form, status=422)
        reason = form.cleaned_data["reason"]
    content = roster_template(place.team, filled=filled, by=request.user, reason=reason)
    return attachment(content, XLSX, file_name(place.team.name, "hiện có" if filled else "mẫu"))


def file_name(*words):
    """An ASCII name: older machines break others."""
    return f"{'-'.join(fold(' '.join(words)).split())}.xlsx".replace(",", "")


def import_or_404(request, import_id):
    return get_object_or_404(imports.imports_of(request.user), pk=import_id)


@require_safe
@post_required
def import_detail(request, import_id):
    """How far it is; all findings; what is there beside what would be."""
    row = import_or_404(request, import_id)
    return detail_page(request, row, TakeForm())


def detail_page(request, row, take_form, *, message="", status=200):
    place = place_of(row)
    context = place | {
        "row": row,
        "running": row.state in RUNNING,
        "levels": level_counts(row),
        "findings": page_of(request, row.findings, "muc", "trang-muc", "level", LEVELS),
        "left_out": max(0, sum(row.summary.get("levels", {}).values()) - len(row.findings)),
        "findings_rest": kept(request, "muc", LEVELS),
        "may_take": imports.may_take(row),
        "needs_declaration": imports.needs_declaration(row),
        "take_form": take_form,
        "message": message,
        "purpose": text_in_force("roster") if place["is_roster"] and imports.may_take(row) else None,
    }
    context |= preview(request, row, place)
    return render(request, f"{TEMPLATES}/detail.html", context, status=status)


def place_of(row):
    team = Team.objects.filter(pk=row.team_id).first() if row.team_id else None
    definition = DEFINITIONS[row.kind]
    return {"definition": definition, "team": team, "unit": row.unit, "is_roster": team is not None}


def level_counts(row):
    counts = row.summary.get("levels", {})
    return [(level, name, counts[level]) for level, name in LEVELS.items() if counts.get(level)]


def page_of(request, rows, filter_name, page_name, key, known):
    """A page of rows, narrowed to one kind when the address asks for it."""
    asked = request.GET.get(filter_name, "")
    if asked in known:
        rows = [row for row in rows if (row[key] if isinstance(row, dict) else getattr(row, key)) == asked]
    return Paginator(rows, A_PAGE).get_page(positive(request.GET.get(page_name, "")) or 1)


def kept(request, name, known):
    """&name=… of a filter that the page links keep."""
    asked = request.GET.get(name, "")
    return f"&{name}={asked}" if asked in known else ""


def preview(request, row, place):
    """Rows beside what is there, fifty at a time; looking at people's rows is written down."""
    if row.state != WorkbookImport.State.CHECKED or not row.file:
        return {}
    lines = imports.stored_content(row).lines
    found = page_of(request, lines, "dong", "trang-dong", "action", ACTIONS)
    if place["is_roster"]:
        note_access(
            actor=request.user,
            kind=PersonalAccess.Kind.LIST,
            unit=row.unit,
            team=place["team"],
            people=len(found.object_list),
            fields=ALL_FIELDS,
        )
    counts = row.summary.get("counts", {})
    return {
        "lines": found,
        "asked_action": request.GET.get("dong", ""),
        "lines_rest": kept(request, "dong", ACTIONS),
        "actions": [(action, name, counts.get(action, 0)) for action, name in ACTIONS.items()],
        "not_in_file": row.summary.get("facts", {}).get("not_in_file", 0),
    }


@require_http_methods(METHODS)
@post_required
def import_take(request, import_id):
    """One click takes the checked rows over; a second one finds them taken."""
    row = import_or_404(request, import_id)
    if request.method != "POST":
        return redirect("import_detail", row.pk)
    form, declaration = TakeForm(request.POST), None
    if imports.needs_declaration(row) and row.state == WorkbookImport.State.CHECKED:
        if not form.is_valid():
            return detail_page(request, row, form, status=422)
        declaration = form.declaration
    try:
        row = imports.request_take(
            row, by=request.user, seen=request.POST.get("seen", ""), declaration=declaration
        )
    except imports.ImportRefused as refusal:
        if refusal.field:
            form.add_error(refusal.field, str(refusal))
        fresh = import_or_404(request, import_id)
        return detail_page(request, fresh, form, message="" if refusal.field else str(refusal), status=409)
    if row.state == WorkbookImport.State.TAKEN:
        messages.success(request, "Đã ghi vào danh sách.")
    elif row.state == WorkbookImport.State.CHECKED:
        messages.warning(request, "Chưa ghi. Hãy xem lại kết quả kiểm tra mới.")
    return redirect("import_detail", row.pk)


@require_http_methods(METHODS)
@post_required
def import_drop(request, import_id):
    """Give it up: nothing of the file is kept."""
    row = import_or_404(request, import_id)
    if request.method == "POST":
        imports.drop_import(row)
        messages.success(request, "Đã bỏ tệp. Danh sách không thay đổi.")
        return redirect("import_start", *((row.kind, row.team_id) if row.team_id else (row.kind,)))
    return redirect("import_detail", row.pk)


@require_http_methods(METHODS)
@post_required
def export_workbook(request, workbook_kind, team_id=None):
    """The roster of a day with a reason, or the rows of a register that this person may see."""
    place = Place(request, workbook_kind, team_id, writing=False)
    posted = request.POST if request.method == "POST" else None
    form = ExportForm(posted, initial={"day": format_date(clock.today())})
    if place.team is None:
        form.fields["reason"].required = False
        del form.fields["day"], form.fields["phones"]
    if posted is not None and form.is_valid():
        return exported(request, place, form.cleaned_data)
    context = place.context | {"form": form}
    return render(request, f"{TEMPLATES}/export.html", context, status=422 if posted is not None else 200)


def exported(request, place, asked):
    if place.team is None:
        file = export_register(place.kind, user=request.user, reason=asked["reason"])
        name = file_name(place.definition.title)
    else:
        file = export_roster(
            place.team, day=asked["day"], by=request.user, reason=asked["reason"], phones=asked["phones"]
        )
        name = file_name("danh sách", place.team.name)
    response = FileResponse(file, content_type=XLSX)
    return private(response, name, as_attachment=True)

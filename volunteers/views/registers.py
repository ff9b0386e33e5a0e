"""Danh mục: camera routes, OCOP products, farms and enterprises; lists as at a day and the acts on a row."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from doanportal.formats import format_date
from units.letterhead import PROVINCE_KIND
from units.models import Event, Unit
from units.policy import post_required

from ..forms_registers import FORMS, DigitiseForm, EndForm, VoidForm, positive, register_filter
from ..models import Enterprise
from ..policy import can_manage_register
from ..queries_registers import REGISTERS, VOIDED, figures_of_all, register_page, register_rows
from ..registers import RegisterError, StaleRow, add_row, change_row, digitise, end_row, void_row

METHODS = ["GET", "HEAD", "POST"]
TEMPLATES = "volunteers/registers"
VERB_WORDS = {
    "register_add": "Ghi vào danh mục",
    "register_change": "Sửa",
    "register_digitise": "Ghi số hóa",
    "register_end": "Ghi ngừng",
    "register_void": "Bỏ khỏi danh mục",
}


def own_units(user):
    """Units for whose register this person writes; Ban Phong trào writes the province's. One query."""
    units = Unit.objects.filter(pk__in=user.unit_ids)
    if user.is_lead_officer:
        units |= Unit.objects.filter(kind__code=PROVINCE_KIND)
    return list(units.select_related("kind").order_by("display_order", "pk"))


def writes(user):
    return bool(user.unit_ids) or user.is_lead_officer


@require_safe
@post_required
def register_home(request):
    """A card a register with today's totals; each figure opens its rows."""
    day = clock.today()
    context = {
        "cards": figures_of_all(request.user, day=day),
        "day": day,
        "may_write": writes(request.user),
    }
    return render(request, f"{TEMPLATES}/home.html", context)


@require_safe
@post_required
def register_list(request, register):
    """The rows as at a day, by unit, state and words; the totals are of the day and unit alone."""
    register = REGISTERS[register]
    narrowed, wrong_day = register_filter(request.GET)
    found = register_page(request.user, register, narrowed)
    context = {
        "register": register,
        "narrowed": narrowed,
        "wrong_day": wrong_day,
        "found": found,
        "is_today": narrowed.day == clock.today(),
        "figures": [(figure, address(narrowed, state=figure.state)) for figure in found.figures],
        "page_before": address(narrowed, page=found.page - 1) if found.page > 1 else None,
        "page_after": address(narrowed, page=found.page + 1) if found.page < found.pages else None,
        "is_narrowed": bool(narrowed.unit_id or narrowed.state or narrowed.words),
        "shows_unit": request.user.is_province or len(request.user.unit_ids) > 1,
        "may_write": writes(request.user),
        "voided": narrowed.state == VOIDED,
    }
    return render(request, f"{TEMPLATES}/list.html", context)


def address(narrowed, *, state=None, page=None):
    """?… of the list: another state begins at page one and forgets the words; another page keeps all."""
    asked = {"ngay": "" if narrowed.day == clock.today() else format_date(narrowed.day)}
    asked["don-vi"] = narrowed.unit_id or ""
    if state is not None:
        asked["trang-thai"] = state
    else:
        asked |= {"trang-thai": narrowed.state, "tim": narrowed.words, "trang": page}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def row_or_404(user, register, row_id):
    return get_object_or_404(register_rows(user, register), pk=row_id)


def own_row(request, register, row_id):
    """The row that this person may change: 404 for a foreign one, 403 with the reason otherwise."""
    row = row_or_404(request.user, register, row_id)
    if not (decision := can_manage_register(request.user, row)):
        raise PermissionDenied(decision.reason)
    return row


@require_safe
@post_required
def register_row(request, register, row_id):
    """One row whole, what happened to it, and what may be done with it."""
    register = REGISTERS[register]
    row = row_or_404(request.user, register, row_id)
    may_write = row.voided_at is None and can_manage_register(request.user, row).allowed
    context = {
        "register": register,
        "row": row,
        "lines": lines_of(register, row),
        "history": history_of(row),
        "may_write": may_write,
        "may_digitise": may_write and register.can_digitise and row.digitised_on is None,
        "may_end": may_write and register.can_end and row.ended_on is None,
    }
    return render(request, f"{TEMPLATES}/row.html", context)


def lines_of(register, row):
    """[(label, text, is it a link)] of the fields that are filled, in the order of the form."""
    form = FORMS[register.code](initial=initial_of(register, row))
    found = []
    for field in form:
        choices = getattr(field.field, "choices", None)
        value = dict(choices).get(field.initial) if choices else field.field.prepare_value(field.initial)
        if value not in (None, "") and field.name != "name":
            found.append((field.label, value, field.name == "digital_link"))
    return found


def history_of(row):
    """[(moment, words, who)], newest first. One query."""
    events = Event.objects.about(row).filter(verb__in=VERB_WORDS).select_related("actor").reverse()
    return [
        (
            event.at,
            VERB_WORDS[event.verb]
            + changed_words(row, event.to_state)
            # A row that came by a file says which one.
            + (f". {event.reason}" if event.reason else ""),
            event.actor.full_name if event.actor else "Cổng tự ghi",
        )
        for event in events
    ]


def changed_words(row, names):
    """« (ngày trao tặng, số camera)» from the names of fields that an event keeps; its text may be cut."""
    labels = {field.name: str(field.verbose_name) for field in row._meta.fields}
    known = [labels[name] for name in names.split(", ") if name in labels]
    return f" ({', '.join(known)})" if known else ""


@require_http_methods(METHODS)
@post_required
def register_add(request, register):
    """A new row, for a unit the person works for."""
    register = REGISTERS[register]
    units = own_units(request.user)
    if not units:
        raise PermissionDenied("Chỉ người của đơn vị ghi và sửa danh mục của đơn vị.")
    form = FORMS[register.code](request.POST or None, units=units, adding=True)
    if request.method == "POST" and form.is_valid():
        unit = chosen_unit(units, form.cleaned_data.get("unit", ""))
        try:
            row = add_row(register.model, unit=unit, values=form.values, by=request.user)
        except RegisterError as error:
            form.take_problems(error.problems)
        else:
            messages.success(request, f"Đã ghi “{row.name}” vào danh mục.")
            return redirect("register_list", register.code)
    return form_page(request, register, form, title=f"Thêm {register.one}", units=units)


def chosen_unit(units, typed):
    """The unit picked in the form, which only offers these; without a choice there is one."""
    return next((unit for unit in units if str(unit.pk) == typed), units[0])


@require_http_methods(METHODS)
@post_required
def register_edit(request, register, row_id):
    """All fields of a row; what somebody else changed meanwhile stands beside what was typed."""
    register = REGISTERS[register]
    row = own_row(request, register, row_id)
    form = FORMS[register.code](request.POST or None, initial=initial_of(register, row))

    def save(values, revision):
        return change_row(row, values=values, revision=revision, by=request.user)

    return act_page(request, register, row, form, save, title=f"Sửa {register.one}", done="Đã lưu “{}”.")


@require_http_methods(METHODS)
@post_required
def register_digitise(request, register, row_id):
    """The short form: from which day on which platform."""
    register = REGISTERS[register]
    if not register.can_digitise:
        raise Http404
    row = own_row(request, register, row_id)
    initial = initial_of(register, row)
    form = DigitiseForm(request.POST or None, initial=initial)

    def save(values, revision):
        return digitise(row, **values, revision=revision, by=request.user)

    act = "Ghi số hóa"
    return act_page(request, register, row, form, save, title=act, done="Đã ghi số hóa “{}”.", submit=act)


@require_http_methods(METHODS)
@post_required
def register_end(request, register, row_id):
    """From which day a product or farm is no more."""
    register = REGISTERS[register]
    if not register.can_end:
        raise Http404
    row = own_row(request, register, row_id)
    form = EndForm(request.POST or None, initial={"ended_on": row.ended_on})

    def save(values, revision):
        return end_row(row, **values, revision=revision, by=request.user)

    act = "Ghi ngừng"
    return act_page(request, register, row, form, save, title=act, done="Đã ghi ngừng “{}”.", submit=act)


@require_http_methods(METHODS)
@post_required
def register_void(request, register, row_id):
    """Take back what was entered by mistake; it stays to be read under «Đã bỏ»."""
    register = REGISTERS[register]
    row = own_row(request, register, row_id)
    form = VoidForm(request.POST or None)

    def save(values, revision):
        return void_row(row, **values, revision=revision, by=request.user)

    act, done, warning = "Bỏ khỏi danh mục", "Đã bỏ “{}” khỏi danh mục.", void_warning(row)
    return act_page(request, register, row, form, save, title=act, done=done, submit=act, warning=warning)


def void_warning(row):
    text = "Chỉ bỏ mục ghi nhầm, ghi trùng: mục bỏ không còn được tính vào bất kỳ ngày nào."
    stopped = "cơ sở" if isinstance(row, Enterprise) else "sản phẩm"
    return text if not hasattr(row, "ended_on") else f"{text} Nếu {stopped} đã ngừng, hãy dùng “Ghi ngừng”."


def initial_of(register, row):
    return {name: getattr(row, name) for name in FORMS[register.code].base_fields}


def act_page(request, register, row, form, save, *, title, done, submit="Lưu", warning=""):
    """The form of one act on a row; saved, back to the row, else with all that was typed."""
    if row.voided_at is not None:
        messages.error(request, "Mục này đã bỏ khỏi danh mục, không sửa được nữa.")
        return redirect("register_row", register.code, row.pk)
    theirs, revision, status = {}, row.revision, 200
    if request.method == "POST":
        status = 422
        revision = positive(request.POST.get("revision", ""), 9)
        if form.is_valid():
            try:
                saved = save(getattr(form, "values", form.cleaned_data), revision)
            except StaleRow as error:
                form.take_problems(error.problems)
                theirs, revision, status = differences(register, form, error.row), error.row.revision, 409
            except RegisterError as error:
                form.take_problems(error.problems)
            else:
                messages.success(request, done.format(saved.name))
                return redirect("register_row", register.code, row.pk)
    return form_page(
        request,
        register,
        form,
        title=title,
        row=row,
        theirs=theirs,
        revision=revision,
        submit=submit,
        warning=warning,
        status=status,
    )


def differences(register, form, row):
    """{field: how it stands now} where that is not what was typed."""
    now = FORMS[register.code](initial=initial_of(register, row))
    found = {}
    for field in form:
        if field.name not in now.fields:
            continue
        current = now.fields[field.name].prepare_value(now[field.name].initial)
        if (current or "") != (field.value() or ""):
            choices = getattr(field.field, "choices", None)
            found[field.name] = (dict(choices).get(current) if choices else current) or "để trống"
    return found


def form_page(request, register, form, *, title, row=None, units=(), theirs=None, status=None, **more):
    if status is None:
        status = 422 if form.is_bound and form.errors else 200
    context = {
        "register": register,
        "form": form,
        "fields": [(field, (theirs or {}).get(field.name)) for field in form],
        "title": title,
        "row": row,
        "unit": row.unit if row else units[0] if len(units) == 1 else None,
        "submit": "Ghi vào danh mục",
        **more,
    }
    return render(request, f"{TEMPLATES}/form.html", context, status=status)

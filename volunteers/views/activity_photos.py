"""Photos of an activity: added from the phone, shown, taken away, published with consent."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal.downloads import private, stored
from doanportal.uploads import UploadError
from units.policy import post_required, province_required

from ..activities import ActivityError
from ..forms_activities import PhotoForm, PublishForm
from ..models import Activity, ActivityPhoto
from ..photos import add_photo, remove_photo, set_publication
from ..policy import can_manage_activity
from ..queries_activities import PHOTO_PAGE, published_photos
from .activity_access import METHODS, TEMPLATES, add_error, answer, own_activity, year_label

MOST_AT_ONCE = 10


@require_http_methods(METHODS)
@post_required
def activity_photo_add(request, activity_id):
    """One photo or several with a caption; what can be kept is kept, the rest is told by name."""
    activity = own_activity(request, activity_id)
    form = PhotoForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        uploads = request.FILES.getlist("photos")
        if not uploads:
            form.add_error(None, "Hãy chọn ít nhất một ảnh.")
        kept, refused = keep(activity, uploads[:MOST_AT_ONCE], form.cleaned_data["caption"], request.user)
        if len(uploads) > MOST_AT_ONCE:
            refused.append(f"Mỗi lần thêm nhiều nhất {MOST_AT_ONCE} ảnh; các ảnh sau chưa được thêm.")
        for words in refused:
            form.add_error(None, words)
        if kept:
            messages.success(request, f"Đã thêm {kept} ảnh.")
        if not form.errors:
            return redirect("activity_detail", activity_id)
    context = {"activity": activity, "form": form, "plan_label": year_label(activity), "most": MOST_AT_ONCE}
    return answer(request, "photo_add", context, form)


def keep(activity, uploads, caption, user):
    """(how many were kept, [why each of the others was not])."""
    kept, refused = 0, []
    for upload in uploads:
        try:
            add_photo(activity, upload, caption=caption, by=user)
            kept += 1
        except UploadError as error:
            refused.append(str(error))
    return kept, refused


def photo_or_404(user, photo_id):
    """A photo for its host, who takes part, and the province."""
    photos = ActivityPhoto.objects.select_related("activity__unit__kind")
    return get_object_or_404(photos, pk=photo_id, activity__in=Activity.objects.visible_to(user))


def own_photo(request, photo_id):
    photo = photo_or_404(request.user, photo_id)
    decision = can_manage_activity(request.user, photo.activity)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    return photo


@require_safe
@post_required
def activity_photo(request, photo_id):
    """The photo itself; ?tai=1 saves it as a file."""
    photo = photo_or_404(request.user, photo_id)
    response = stored(request, photo.file, "image/jpeg", photo.original_name, photo.sha256)
    if request.GET.get("tai"):
        private(response, f"{photo.activity.title} {photo.pk}.jpg", as_attachment=True)
    return response


@require_http_methods(METHODS)
@post_required
def activity_photo_remove(request, photo_id):
    photo = own_photo(request, photo_id)
    activity_id = photo.activity_id
    if request.method == "POST":
        remove_photo(photo, by=request.user)
        messages.success(request, "Đã bỏ ảnh.")
    return redirect("activity_detail", activity_id)


@require_http_methods(METHODS)
@post_required
def activity_photo_publish(request, photo_id):
    """Whether the photo may be published, and on whose consent."""
    photo = own_photo(request, photo_id)
    initial = {"may_publish": photo.may_publish, "basis": photo.publish_basis}
    form = PublishForm(request.POST) if request.method == "POST" else PublishForm(initial=initial)
    if form.is_bound and form.is_valid():
        try:
            set_publication(photo, **form.cleaned_data, by=request.user)
        except ActivityError as error:
            add_error(form, error)
        else:
            messages.success(request, "Đã ghi việc đăng ảnh.")
            return redirect("activity_detail", photo.activity_id)
    return answer(request, "photo_publish", {"photo": photo, "activity": photo.activity, "form": form}, form)


@require_safe
@province_required
def activity_photo_published(request):
    """«Ảnh được đăng»: what Ban Tuyên giáo - TTNTH may take for the website and the fan page."""
    page = Paginator(published_photos(), PHOTO_PAGE).get_page(request.GET.get("trang"))
    return render(request, f"{TEMPLATES}/photos_published.html", {"page": page})

"""The admin site: the portal's own sign-in, open to the Admin post; for all others it does not exist."""

from functools import update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse


class PortalAdminSite(AdminSite):
    site_title = "Quản trị – Cổng Tỉnh Đoàn"
    site_header = "Quản trị – Cổng Tỉnh Đoàn"
    index_title = "Dữ liệu của cổng"
    site_url = "/"
    empty_value_display = "–"

    def __init__(self, name="admin"):
        super().__init__(name)
        # One by one, where the page says what still hangs on a row; never a whole list at once.
        self.disable_action("delete_selected")

    def has_permission(self, request):
        """The flag of the account and an Admin post in force today."""
        user = request.user
        return user.is_authenticated and user.is_active and user.is_staff and user.is_admin_post

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    def login(self, request, extra_context=None):
        """The portal's own sign-in page, which is the throttled one."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request, extra_context=None):
        return LogoutView.as_view()(request)

    def password_change(self, request, extra_context=None):
        return redirect("password_change")

    def password_change_done(self, request, extra_context=None):
        return redirect("password_change_done")

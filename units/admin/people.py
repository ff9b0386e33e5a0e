"""Accounts with their posts: no passwords here, they are set by invitation or by the person."""

from smtplib import SMTPException

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Prefetch

from doanportal import clock
from units.accounts import AccountError, invite, tidy_name, unlock
from units.forms import PhoneField
from units.models import Post, Role, User
from units.models.people import UNIT_ROLES

from .base import PortalAdmin, PortalStackedInline, filled
from .dated import EndedRows

PROVINCE_KINDS = ("province", "department")

admin.site.unregister(Group)


class PostForm(forms.ModelForm):
    """A post fits its unit, and what it was stays: only its end and its basis change later."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("user", "unit", "role", "valid_from"):
                if name in self.fields:
                    self.fields[name].disabled = True

    def clean(self):
        cleaned = super().clean()
        unit, role = cleaned.get("unit"), cleaned.get("role")
        if self.instance.pk or unit is None or role is None:
            return cleaned
        # A province role at a district would open all reports to it.
        in_province = unit.kind.code in PROVINCE_KINDS
        if role in UNIT_ROLES and in_province:
            self.add_error("role", f"{Role(role).label} là vai trò của đơn vị; {unit} là cơ quan cấp tỉnh.")
        if role not in UNIT_ROLES and not in_province:
            self.add_error("role", f"{Role(role).label} là vai trò ở cấp tỉnh; {unit} là đơn vị.")
        return cleaned


class PostInline(EndedRows, PortalStackedInline):
    model = Post
    form = PostForm
    autocomplete_fields = ["unit"]
    fields = [("unit", "role"), ("valid_from", "valid_to"), "basis"]
    ordering = ["-valid_from"]

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 1

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("unit", "unit__kind")


class UserForm(forms.ModelForm):
    phone = PhoneField(label="Số điện thoại", required=False, max_length=30, help_text="Ví dụ: 0912 345 678.")

    def clean_full_name(self):
        return tidy_name(self.cleaned_data["full_name"])

    def clean_email(self):
        return self.cleaned_data["email"].strip().lower()

    def clean_is_active(self):
        active = self.cleaned_data["is_active"]
        if not active and self.instance.pk == self.current_user_id:
            raise forms.ValidationError("Đồng chí không thể tự khóa tài khoản của mình.")
        return active


@admin.register(User)
class UserAdmin(PortalAdmin):
    form = UserForm
    list_display = ["full_name", "email", "masked_phone", "posts_today", "state", "last_login"]
    list_filter = ["is_active", "is_staff", "posts__role"]
    search_fields = ["search_key", "posts__unit__search_key"]
    fields = ["full_name", "email", "phone", "is_active", "is_staff", ("last_login", "date_joined")]
    readonly_fields = ["last_login", "date_joined"]
    inlines = [PostInline]
    actions = ["send_invitations", "unlock_accounts"]

    def get_queryset(self, request):
        current = Post.objects.on(clock.today()).select_related("unit").order_by("pk")
        return super().get_queryset(request).prefetch_related(Prefetch("posts", current, to_attr="posts_now"))

    def get_search_results(self, request, queryset, search_term):
        found, _ = super().get_search_results(request, queryset, search_term)
        # A person may hold several posts of matching units.
        return found, bool(search_term)

    def lookup_allowed(self, lookup, value, request):
        # Whether a row shows up would tell letter by letter what the hash is.
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.current_user_id = request.user.pk
        return form

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def name_in_log(self, obj):
        return f"tài khoản số {obj.pk}"

    def notes(self, obj):
        if obj.has_usable_password():
            return []
        return [
            "Chưa đặt mật khẩu lần đầu: chọn tài khoản trong danh sách rồi dùng việc “Gửi lời mời”. "
            "Tài khoản không xóa được; khi người thôi việc, ghi ngày kết thúc chức vụ và bỏ “được đăng nhập”."
        ]

    @admin.display(description="số điện thoại")
    def masked_phone(self, obj):
        return f"{obj.phone[:3]}…{obj.phone[-3:]}" if obj.phone else None

    @admin.display(description="chức vụ, phân công hiện nay")
    def posts_today(self, obj):
        return "; ".join(str(post) for post in obj.posts_now) or None

    @admin.display(description="tình trạng")
    def state(self, obj):
        if not obj.is_active:
            return "đã khóa"
        return "đang dùng" if obj.has_usable_password() else "chưa đặt mật khẩu"

    @admin.action(description="Gửi lời mời đặt mật khẩu lần đầu")
    def send_invitations(self, request, queryset):
        sent = 0
        for user in queryset:
            try:
                invite(user, by=request.user)
            except AccountError as error:
                self.message_user(request, f"{user}: {error}", messages.WARNING)
            except (SMTPException, OSError):
                self.message_user(request, f"{user}: máy chủ thư từ chối, chưa gửi được.", messages.ERROR)
            else:
                sent += 1
        if sent:
            self.message_user(request, f"Đã gửi lời mời cho {sent} người.", messages.SUCCESS)

    @admin.action(description="Mở khóa đăng nhập (đã nhập sai nhiều lần)")
    def unlock_accounts(self, request, queryset):
        unlocked = sum(bool(unlock(user, by=request.user)) for user in queryset)
        self.message_user(request, f"Đã mở khóa cho {unlocked} người.", messages.SUCCESS)


@admin.register(Post)
class PostAdmin(PortalAdmin):
    form = PostForm
    list_display = ["unit", "role", "user", "valid_from", "valid_to", "basis"]
    list_filter = ["role", filled("valid_to", "thời gian", yes="có ngày kết thúc", no="đang giữ")]
    list_select_related = ["unit", "user"]
    search_fields = ["unit__search_key", "user__search_key", "basis"]
    autocomplete_fields = ["user", "unit"]

    def notes(self, obj):
        return [
            "Người giữ, đơn vị, vai trò và ngày bắt đầu không sửa được: ghi ngày kết thúc rồi lập dòng mới."
        ]

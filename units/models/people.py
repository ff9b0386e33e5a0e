"""People and the posts that give them rights (design.md §3.11)."""

from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from doanportal import clock
from doanportal.textfold import fold

from .dated import Dated, DatedQuerySet, valid_range_check
from .unit import Unit


class Role(models.TextChoices):
    SECRETARY = "secretary", "Bí thư"
    DEPUTY = "deputy", "Phó Bí thư"
    EDITOR = "editor", "Cán bộ lập báo cáo"
    OFFICER = "officer", "Cán bộ Ban"
    LEADER = "leader", "Thường trực Tỉnh Đoàn"
    CLERK = "clerk", "Văn thư"
    COUNCIL_SECRETARY = "council_secretary", "Thư ký Hội đồng"
    ADMIN = "admin", "Quản trị"
    VIEWER = "viewer", "Chỉ xem"


UNIT_ROLES = (Role.SECRETARY, Role.DEPUTY, Role.EDITOR)
PROVINCE_ROLES = (
    Role.OFFICER,
    Role.LEADER,
    Role.CLERK,
    Role.COUNCIL_SECRETARY,
    Role.ADMIN,
    Role.VIEWER,
)
LEAD_DEPARTMENT = "BPT"  # Ban Phong trào, the standing body of the programme (seed plan IV.1)


class UserManager(BaseUserManager):
    use_in_migrations = True

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. No ID numbers, no address: only what signing in and reminding need."""

    email = models.EmailField("thư điện tử", unique=True)
    phone = models.CharField("số điện thoại", max_length=15, null=True, blank=True, unique=True)
    full_name = models.CharField("họ và tên", max_length=120)
    is_active = models.BooleanField("được đăng nhập", default=True)
    is_staff = models.BooleanField("vào trang quản trị", default=False)
    date_joined = models.DateTimeField("ngày tạo", default=clock.now, editable=False)
    search_key = models.CharField(max_length=300, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"
        ordering = ["full_name", "email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_any_case"),
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | Q(phone__regex=r"^0[0-9]{8,10}$"),
                name="user_phone_digits",
                violation_error_message="Số điện thoại gồm 9 đến 11 chữ số, bắt đầu bằng 0.",
            ),
        ]

    def __str__(self):
        return self.full_name or self.email

    def save(self, *args, **kwargs):
        self.phone = self.phone or None
        self.search_key = fold(f"{self.full_name} {self.email} {self.phone or ''}")
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search_key"}
        super().save(*args, **kwargs)

    @cached_property
    def current_posts(self):
        """The posts in force today, units joined: one query a request."""
        return list(
            Post.objects.on(clock.today())
            .filter(user=self)
            .select_related("unit", "unit__kind")
            .order_by("pk")
        )

    @property
    def unit_ids(self):
        """Ids of the units whose own work this person does."""
        return [post.unit_id for post in self.current_posts if post.role in UNIT_ROLES]

    @property
    def unit_post(self):
        """The first unit-side post, or None."""
        return next((post for post in self.current_posts if post.role in UNIT_ROLES), None)

    @property
    def is_province(self):
        """Whether a province post (or the superuser's flag) lets this person read all reports."""
        return self.is_superuser or any(post.role in PROVINCE_ROLES for post in self.current_posts)

    @property
    def is_lead_officer(self):
        """Officer of Ban Phong trào: the one who takes note of reports (design.md §4, Acceptance)."""
        return any(
            post.role == Role.OFFICER and post.unit.code == LEAD_DEPARTMENT for post in self.current_posts
        )

    @property
    def officer_department_ids(self):
        return [post.unit_id for post in self.current_posts if post.role == Role.OFFICER]

    @property
    def is_admin_post(self):
        return self.is_superuser or any(post.role == Role.ADMIN for post in self.current_posts)


class PostQuerySet(DatedQuerySet):
    def of_unit(self, unit, *roles):
        return self.filter(unit=unit, role__in=roles, user__is_active=True)


class Post(Dated):
    user = models.ForeignKey(User, models.PROTECT, verbose_name="người giữ", related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="posts")
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    basis = models.CharField("căn cứ", max_length=200, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "chức vụ, phân công"
        verbose_name_plural = "chức vụ, phân công"
        ordering = ["unit", "role", "valid_from"]
        constraints = [
            valid_range_check("post_range"),
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(valid_to__isnull=True),
                name="post_open_once",
                violation_error_message="Người này đang giữ đúng vai trò đó ở đơn vị.",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} – {self.unit}"

"""What people type about their own account."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from .accounts import normalize_phone, tidy_name
from .models import User

LOGIN_LABEL = "Thư điện tử hoặc số điện thoại"


class SignInForm(AuthenticationForm):
    username = forms.CharField(
        label=LOGIN_LABEL,
        max_length=254,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "username", "autocapitalize": "none"}
        ),
    )
    password = forms.CharField(
        label="Mật khẩu",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    # One sentence whatever was wrong: which of the two it was is nobody's business.
    error_messages = {
        "invalid_login": "Thông tin đăng nhập chưa đúng. Hãy kiểm tra thư điện tử hoặc số điện thoại "
        "và mật khẩu (phân biệt chữ hoa, chữ thường), hoặc bấm “Quên mật khẩu”.",
        "inactive": "Thông tin đăng nhập chưa đúng.",
    }


class PasswordLinkForm(forms.Form):
    login = forms.CharField(
        label=LOGIN_LABEL,
        max_length=254,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "username", "autocapitalize": "none"}
        ),
    )


class PhoneField(forms.CharField):
    """A phone number in the one spelling that accounts are kept in; None when left empty."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})
    default_error_messages = {"unique": "Số điện thoại này đã dùng cho một tài khoản khác."}

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        if (phone := normalize_phone(typed)) is None:
            raise forms.ValidationError(f"“{typed}” không phải số điện thoại. Hãy viết như 0912 345 678.")
        return phone


class AccountForm(forms.ModelForm):
    phone = PhoneField(
        label="Số điện thoại",
        required=False,
        max_length=30,
        help_text="Dùng để đăng nhập thay cho thư điện tử. Chỉ quản trị và cán bộ phụ trách nhìn thấy.",
    )

    class Meta:
        model = User
        fields = ["full_name", "phone"]

    def clean_full_name(self):
        return tidy_name(self.cleaned_data["full_name"])

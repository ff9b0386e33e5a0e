"""Addresses of sign-in, passwords and the own account."""

from django.contrib.auth.views import (
    PasswordChangeDoneView,
    PasswordResetCompleteView,
    PasswordResetDoneView,
)
from django.urls import path

from . import views, views_held

urlpatterns = [
    path("dang-nhap/", views.SignInView.as_view(), name="login"),
    path("dang-xuat/", views.SignOutView.as_view(), name="logout"),
    path("tai-khoan/", views.account, name="account"),
    path("noi-dung-da-go/", views_held.held_text_page, name="held_text"),
    path("csrf/", views.csrf_token, name="csrf_token"),
    path("mat-khau/", views.PasswordChangeView.as_view(), name="password_change"),
    path("mat-khau/da-doi/", PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("mat-khau/quen/", views.PasswordLinkView.as_view(), name="password_reset"),
    path("mat-khau/quen/da-gui/", PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "mat-khau/dat-lai/<uidb64>/<token>/", views.SetPasswordView.as_view(), name="password_reset_confirm"
    ),
    path("mat-khau/da-dat-lai/", PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("loi-moi/<uidb64>/<token>/", views.AcceptInvitationView.as_view(), name="invitation"),
]

"""The letters about accounts: one function a letter, context only."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string


def send_invitation(user, link):
    days = settings.INVITATION_TIMEOUT // (24 * 60 * 60)
    send("registration/invitation_email", user, {"link": link, "days": days})


def send_reset(user, link):
    hours = settings.PASSWORD_RESET_TIMEOUT // (60 * 60)
    send("registration/password_reset_email", user, {"link": link, "hours": hours})


def send(template, user, context):
    """Render `template`.subject.txt and .body.txt and send now; the mail server's errors go to the caller."""
    context = context | {"person": user, "site_url": settings.SITE_URL}
    subject = render_to_string(f"{template}.subject.txt", context)
    EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string(f"{template}.body.txt", context),
        to=[user.email],
    ).send()

"""Text that was typed and not taken: the page that shows it, and the answer to a page that is too old."""

from django.shortcuts import redirect, render
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from doanportal import held_text
from doanportal.held_labels import labelled

from .navigation import start_address
from .policy import is_fetch, sign_in_first, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def held_text_page(request):
    """What is held for this person, wherever its form has gone; POST puts one form's text away for good."""
    if request.method == "POST":
        held_text.drop(request, entry_id=request.POST.get("bo", ""))
        return redirect(start_address(request.user))
    return render(request, "units/held_text.html")


def csrf_failed(request, reason=""):
    """A page older than the sign-in: what was typed comes back in the form, or at least on the screen.

    Only a token that was this browser's lets a form be held; what another site sends never gets that far.
    """
    if is_fetch(request) or not held_text.typed(request):
        return csrf_failure(request, reason)
    if not request.user.is_authenticated and held_text.page_owner(request):
        return sign_in_first(request)
    page = held_text.form_page(request)
    own = request.user.is_authenticated and held_text.page_owner(request) == str(request.user.pk)
    if own and held_text.hold(request, page=page, why=held_text.PAGE_TOO_OLD):
        return redirect(page)
    rows = labelled(held_text.typed(request)) if held_text.is_own_page(request) else []
    return render(request, "403_csrf.html", {"typed_rows": rows, "form_page": page}, status=403)

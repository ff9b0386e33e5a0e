"""What a browser would send back from an admin form: every field of the page as it stands."""

from html.parser import HTMLParser


class FormReader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.data, self.inside, self.select, self.area = {}, False, None, None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.inside = attributes.get("id", "").endswith("_form")
        name = attributes.get("name")
        if not self.inside or "disabled" in attributes:
            return
        if tag == "input" and name and attributes.get("type") not in ("submit", "button"):
            box = attributes.get("type") in ("checkbox", "radio")
            if not box or "checked" in attributes:
                self.add(name, attributes.get("value", "on" if box else ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attributes:
            self.add(self.select, attributes.get("value", ""))
        elif tag == "textarea":
            self.area, self.data[name] = name, ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, text):
        if self.area:
            self.data[self.area] += text.removeprefix("\n")

    def add(self, name, value):
        """One value, or a list where the page holds several of that name."""
        held = self.data.get(name)
        self.data[name] = value if held is None else [*(held if isinstance(held, list) else [held]), value]


def form_on(client, address):
    """The form of the page at `address` as a dict to change and post."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    reader = FormReader()
    reader.feed(response.content.decode())
    return {name: value for name, value in reader.data.items() if "__prefix__" not in name}


def errors_on(response):
    """All messages of a form that came back, as one text."""
    context = response.context
    texts = [str(context["adminform"].form.errors)]
    for inline in context["inline_admin_formsets"]:
        texts += [str(inline.formset.errors), str(inline.formset.non_form_errors())]
    return " ".join(texts)

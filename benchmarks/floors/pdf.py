"""The floor of a PDF: bare WeasyPrint of the same HTML and style sheets. Nothing of the project."""

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration


def render(html, stylesheets):
    """The bytes of the PDF; fonts are named in the style sheets by file:// addresses."""
    fonts = FontConfiguration()
    return HTML(string=html).write_pdf(
        stylesheets=[CSS(string=text, font_config=fonts) for text in stylesheets], font_config=fonts
    )

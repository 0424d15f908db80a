"""What a page has fifty times, drawn by Jinja: Django's own templates take ten times as long (decision 48)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.template import engines
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from jinja2 import Environment, StrictUndefined

from transcripts.templatetags import verbatim

if TYPE_CHECKING:
    from datetime import datetime

    from django.template import Context

register = template.Library()
FILTERS = (verbatim.clock, verbatim.language_name, verbatim.place_in_line, verbatim.is_pressing, verbatim.due)


def environment(**options: Any) -> Environment:
    """Return what the templates of `templates/jinja` know: the filters of pages, moments, and icons."""
    made = Environment(**{**options, "autoescape": True, "undefined": StrictUndefined, "trim_blocks": True})
    made.filters |= {known.__name__: known for known in FILTERS} | {"iso": _iso, "day": _day, "hour": _hour}
    made.globals |= {"icon": verbatim.drawn, "url": _url}
    return made


@register.simple_tag(takes_context=True)
def quick(context: Context, name: str, **values: Any) -> SafeString:
    """Draw one of the templates of Jinja with these values."""
    token = context.get("csrf_token")
    values["csrf_input"] = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)
    drawn: str = engines["jinja2"].get_template(f"{name}.jinja").template.render(values)  # type: ignore[attr-defined]
    # Jinja escapes values as Django does
    return SafeString(drawn)


def _url(name: str, *values: Any) -> str:
    return reverse(name, args=values)


def _iso(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat()


def _day(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.day} {local:%b}"


def _hour(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"

"""URLs of the console that are ours; those of tables follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from transcripts.views.operations import acts, drill, keys, page, routing

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("", page.overview, name="operations"),
    path("now/", page.now, name="operations_now"),
    path("day/", page.last_day, name="operations_day"),
    path("drill/", drill.drill, name="operations_drill"),
    path("drill/now/", drill.drill_now, name="operations_drill_now"),
    path("keys/<int:account_id>/", keys.keys, name="operations_keys"),
    path("keys/<int:account_id>/<slug:act>/", keys.act, name="operations_keys_act"),
    path("routing/", routing.routing, name="operations_routing"),
    path("routing/<int:route_id>/", routing.route, name="operations_route"),
    path("routing/places/<int:account_id>/", routing.place, name="operations_place"),
    path("tables/", page.tables, name="admin_tables"),
    path("acts/<slug:name>/", acts.act, name="operations_act"),
]

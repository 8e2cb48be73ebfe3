"""The staff desk: where drafts are worked on and decided. Its other rooms hang their addresses on here."""

from django.urls import URLPattern, URLResolver, include, path

from gis_portal.pages.desk import faults, files, listing, page, plot_files, review, rules, steps

SET = "changes/<int:number>/"
REVIEW = "review/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.index, name="desk"),
    path("new/", listing.new, name="desk-new"),
    path("notices/", listing.seen, name="desk-notices"),
    path("faults/", faults.index, name="desk-faults"),
    path("faults/points.json", faults.points, name="desk-faults-points"),
    path("faults/things", faults.things, name="desk-faults-things"),
    path("faults/<str:z>/<str:x>/<str:y>.mvt", faults.tile, name="desk-faults-tile"),
    path("faults/accept/", faults.accept, name="desk-faults-accept"),
    path("faults/gather/", faults.gather, name="desk-faults-gather"),
    path("rules/", rules.index, name="desk-rules"),
    path("rules/<str:code>/", rules.change, name="desk-rule"),
    path("rules/<str:code>/reset/", rules.reset, name="desk-rule-reset"),
    path("enquiries/", include("gis_portal.pages.desk.enquiry_urls")),
    path("plots/<uuid:plot>/files/", plot_files.index, name="desk-plot-files"),
    path(SET, page.show, name="desk-change-set"),
    path(SET, include("gis_portal.pages.desk.diff_urls")),
    path(f"{SET}items/<int:item>/", page.item, name="desk-item"),
    path(f"{SET}findings/", page.rules, name="desk-findings"),
    path(f"{SET}file/", files.legal, name="desk-file"),
    path(f"{SET}plot-files/<int:item>/", plot_files.drafted, name="desk-plot-file"),
    path(f"{SET}name_reviewer/", steps.name_reviewer, name="desk-name-reviewer"),
    *[path(f"{SET}{step}/", steps.take, {"step": step}, name=f"desk-{step}") for step in steps.STEPS],
    # The same pages for an outside reviewer, who has followed a link to one set.
    path(REVIEW, page.show, name="desk-review"),
    path(REVIEW, include("gis_portal.pages.desk.diff_urls")),
    path(f"{REVIEW}items/<int:item>/", page.item, name="desk-review-item"),
    path(f"{REVIEW}findings/", page.rules, name="desk-review-findings"),
    path(f"{REVIEW}plot-files/<int:item>/", plot_files.drafted, name="desk-review-plot-file"),
    path(f"{REVIEW}file/", files.legal, name="desk-review-file"),
    *[path(f"{REVIEW}{step}/", steps.take, {"step": step}, name=f"desk-review-{step}") for step in steps.OF_OUTSIDE],
    path(f"{REVIEW}<str:secret>/", review.follow, name="desk-review-link"),
]

"""How an asset stands among others: cut off from every source, its strip on a plot, its code values."""

from registries.changes.edits import Edit
from registries.core.models import CodeValue
from registries.core.rules import Moment, Scope, run
from registries.networks.models import AssetAttribute, Network
from tests.conftest import Publish, hydrant, line, pipe, point, square
from tests.registries.networks.rules.conftest import Told


def source(network: Network, x: float, y: float) -> Edit:
    return hydrant(network, point(x, y), role="source")


def test_a_link_that_no_source_reaches(told: Told, network: Network) -> None:
    apart = pipe(network, line((0, 100), (50, 100)))
    problems = told("NET-013", source(network, 0, 0), pipe(network, line((0, 0), (50, 0))), apart)
    assert [one.object_id for one in problems] == [apart.object_id]


def test_links_that_hang_together_with_the_source(told: Told, network: Network) -> None:
    branch = pipe(network, line((25, 0), (25, 50)))
    assert told("NET-013", source(network, 0, 0), pipe(network, line((0, 0), (50, 0))), branch) == []


def test_a_crossing_reaches_nothing(told: Told, network: Network) -> None:
    across = pipe(network, line((25, -50), (25, 50)))
    assert len(told("NET-013", source(network, 0, 0), pipe(network, line((0, 0), (50, 0))), across)) == 1


def test_a_link_joined_to_what_is_published(told: Told, publish: Publish, network: Network) -> None:
    publish([source(network, 0, 0), pipe(network, line((0, 0), (50, 0))), pipe(network, line((50, 0), (100, 0)))])
    assert told("NET-013", pipe(network, line((100, 0), (150, 0)))) == []


def test_a_link_moved_away_from_its_source(told: Told, publish: Publish, network: Network) -> None:
    moved = pipe(network, line((50, 0), (100, 0)))
    publish([source(network, 0, 0), pipe(network, line((0, 0), (50, 0))), moved])
    away = Edit.update("networks.link", moved.object_id, {}, line((60, 0), (100, 0)))
    assert [one.object_id for one in told("NET-013", away)] == [moved.object_id]


def test_a_node_that_the_draft_adds_joins_links_at_their_crossing(
    told: Told, publish: Publish, network: Network
) -> None:
    across = pipe(network, line((25, -50), (25, 50)))
    publish([source(network, 0, 0), pipe(network, line((0, 0), (50, 0))), across])
    renamed = Edit.update("networks.link", across.object_id, {"label": "нов"})
    assert told("NET-013", renamed, hydrant(network, point(25, 0))) == []


def test_without_any_source_only_what_lies_apart_is_told(told: Told, network: Network) -> None:
    main = [pipe(network, line((0, 0), (50, 0))), pipe(network, line((50, 0), (100, 0)))]
    apart = pipe(network, line((0, 100), (50, 100)))
    assert [one.object_id for one in told("NET-013", *main, apart)] == [apart.object_id]


def test_a_sewer_needs_a_place_to_flow_to(told: Told, sewer: Network) -> None:
    sink = hydrant(sewer, point(0, 0), asset_type="sewer_manhole", role="sink")
    fed = hydrant(sewer, point(0, 100), asset_type="sewer_manhole", role="source")
    good = pipe(sewer, line((0, 0), (50, 0)), asset_type="sewer_pipe")
    bad = pipe(sewer, line((0, 100), (50, 100)), asset_type="sewer_pipe")
    assert [one.object_id for one in told("NET-013", sink, fed, good, bad)] == [bad.object_id]


def test_one_finding_for_one_piece(publish: Publish, network: Network) -> None:
    publish(
        [
            source(network, 0, 0),
            pipe(network, line((0, 0), (50, 0))),
            pipe(network, line((0, 100), (50, 100))),
            pipe(network, line((50, 100), (100, 100))),
        ]
    )
    [problem] = [one for one in run(Moment.NIGHTLY, Scope(None)) if one.code == "NET-013"]
    assert problem.params["count"] == 2


def plot(network: Network) -> Edit:
    return Edit.create("land.plot", {"zone": network.zone_id, "code": "A-1"}, square(0, 0))


def strip(network: Network, **columns: object) -> Edit:
    given = {"protection_m": 3, "role": "main", "label": "DN300", **columns}
    return pipe(network, line((-50, -2), (150, -2)), **given)


def test_a_plot_under_a_protection_strip(told: Told, publish: Publish, network: Network) -> None:
    publish([strip(network)])
    [problem] = told("NET-021", plot(network))
    assert (problem.params["other"], problem.params["area_m2"]) == ("DN300", 100.0)
    assert problem.place is not None


def test_a_strip_that_a_restriction_tells_of(told: Told, publish: Publish, network: Network) -> None:
    publish([strip(network)])
    ground = plot(network)
    known = Edit.create(
        "land.rightrestriction", {"plot": ground.object_id, "rrr_class": "restriction", "kind": "protectionStrip"}
    )
    assert told("NET-021", ground, known) == []


def test_a_service_connection_may_reach_its_plot(told: Told, publish: Publish, network: Network) -> None:
    publish([strip(network, role="service")])
    assert told("NET-021", plot(network)) == []


def test_a_strip_that_ends_at_the_boundary(told: Told, publish: Publish, network: Network) -> None:
    publish([strip(network, protection_m=2)])
    assert told("NET-021", plot(network)) == []


def test_a_new_link_whose_strip_takes_a_plot(told: Told, publish: Publish, network: Network) -> None:
    publish([plot(network)])
    [problem] = told("NET-022", strip(network))
    assert (problem.params["plot"], problem.params["area_m2"]) == ("A-1", 100.0)


def test_by_night_an_overlap_is_told_once(publish: Publish, network: Network) -> None:
    publish([plot(network), strip(network)])
    assert [one.code for one in run(Moment.NIGHTLY, Scope(None)) if one.code in ("NET-021", "NET-022")] == ["NET-021"]


def listed(code_list: str, *values: str) -> None:
    for value in values:
        CodeValue.objects.get_or_create(
            code_list=code_list, value=value, defaults={"title_bg": value, "title_en": value}
        )


def test_a_material_outside_its_list(told: Told, network: Network) -> None:
    listed("material", "PE")
    [problem] = told("NET-024", pipe(network, line((0, 0), (50, 0)), material="чугун"))
    assert problem.params == {"value": "чугун", "code_list": "material"}


def test_a_material_of_its_list(told: Told, network: Network) -> None:
    listed("material", "PE")
    assert told("NET-024", pipe(network, line((0, 0), (50, 0)), material="PE")) == []


def test_an_attribute_whose_code_was_removed_from_its_list(told: Told, publish: Publish, network: Network) -> None:
    listed("hydrantColour", "red", "blue")
    AssetAttribute.objects.create(
        asset_type_id="water_hydrant", key="colour", title_bg="x", title_en="x", code_list="hydrantColour"
    )
    red = hydrant(network, point(0, 0), attributes={"colour": "red"})
    publish([red, hydrant(network, point(5, 5), attributes={"colour": "blue"})])
    CodeValue.objects.filter(code_list="hydrantColour", value="red").delete()
    [problem] = [one for one in run(Moment.NIGHTLY, Scope(None)) if one.code == "NET-023"]
    assert (problem.object_id, problem.params["value"]) == (red.object_id, "red")

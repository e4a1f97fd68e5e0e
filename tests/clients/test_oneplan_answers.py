"""Each look of an answer of OnePlan (oneplan-api.md sections 2, 3, 7), as a value or an error."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

import httpx
import pytest

from shared.adapters import http
from shared.adapters.oneplan.assumptions import ZERO
from shared.adapters.oneplan.events import EventWanted
from shared.adapters.oneplan.iterations import IterationRecord
from shared.adapters.oneplan.model import Marker, PlanRecord, TaskRecord, guid
from shared.adapters.oneplan.plans import PlanWrite
from shared.adapters.oneplan.tasks import TaskWrite
from shared.core.errors import (
    CredentialRefused,
    NotFound,
    NotOffered,
    PermissionMissing,
    RateLimited,
    Rejected,
    Retriable,
    RouteMissing,
    SyncError,
    UnknownOutcome,
    Unreachable,
)
from shared.core.order import Place
from tests.clients.wire import Wire, ok, status

PLAN = "0f8fad5b-d9cb-469f-a165-70867728950e"
TASK = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
NULL_REFERENCE = (
    '{"Message":"An error has occurred.","ExceptionMessage":"Object reference not set","StackTrace":"at X"}'
)


@pytest.mark.parametrize(
    "answer",
    [status(401), status(401, "denied", "text/plain"), status(302, "", Location="/login"), status(203, "<html>")],
    ids=lambda answer: str(answer.status_code),
)
async def test_a_refused_key_says_where_to_make_a_new_one_and_is_not_tried_again(
    wire: Wire, answer: httpx.Response
) -> None:
    wire.then(answer)
    with pytest.raises(CredentialRefused, match="Authentication Keys"):
        await wire.oneplan().plans.read_all()
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (status(500, NULL_REFERENCE), UnknownOutcome, "Object reference not set"),
        (status(500, "Column with same name already exists", "text/plain"), UnknownOutcome, "Column with same name"),
        (status(500, '"just a text"'), UnknownOutcome, "just a text"),
        (status(500), UnknownOutcome, "OnePlan answered 500"),
        (status(503, "<html>maintenance</html>", "text/html"), UnknownOutcome, "OnePlan answered 503"),
        (status(502), UnknownOutcome, "answered 502"),
        (status(504), UnknownOutcome, "answered 504"),
        (status(429), RateLimited, "request limit"),
        (status(400, '{"Message":"PlanType is required."}'), Rejected, "PlanType is required"),
        (status(403), PermissionMissing, "may not do this"),
        (status(404), NotFound, "answered 404"),
        (status(405, '{"Message":"no such verb"}'), RouteMissing, "no such verb"),
        (status(501), RouteMissing, "answered 501"),
        (status(200, "<html>signed out</html>", "text/html"), UnknownOutcome, "not JSON"),
        (status(200, "null"), UnknownOutcome, "names no plan"),
        (status(204), UnknownOutcome, "names no plan"),
        (ok({"id": ZERO}), UnknownOutcome, "names no plan"),
    ],
)
async def test_each_failure_of_a_create_has_its_branch(
    wire: Wire, answer: httpx.Response, kind: type[SyncError], words: str
) -> None:
    wire.then(answer)
    with pytest.raises(kind, match=words) as failed:
        await wire.oneplan().plans.create(PlanWrite("Website", "type"))
    assert type(failed.value) is kind
    assert str(failed.value).startswith("creating plan 'Website': ")
    assert "StackTrace" not in str(failed.value)
    assert len(wire.requests) == 1


async def test_a_read_that_fails_each_time_with_500_is_refused_with_the_reason(wire: Wire) -> None:
    """Bad input is often a 500 (section 3 [OBSERVED]), so what fails again and again is no outage."""
    wire.then(status(500, NULL_REFERENCE))
    with pytest.raises(Rejected, match="Object reference not set"):
        await wire.oneplan().plans.read(PLAN)
    assert len(wire.requests) == http.ATTEMPTS


async def test_a_read_that_fails_once_with_500_is_answered_the_next_time(wire: Wire) -> None:
    wire.then(status(500), ok({"id": PLAN, "Name": "Website"}))
    assert (await wire.oneplan().plans.read(PLAN)).name == "Website"


@pytest.mark.parametrize("answer", [status(404), status(204), status(200), ok(None), ok({}), ok({"id": ZERO})])
async def test_a_missing_plan_or_task_is_not_found_in_every_form(wire: Wire, answer: httpx.Response) -> None:
    wire.then(answer)
    with pytest.raises(NotFound):
        await wire.oneplan().plans.read(PLAN)
    with pytest.raises(NotFound):
        await wire.oneplan().tasks.read(PLAN, TASK)


@pytest.mark.parametrize("answer", [status(200), status(204), ok(None), ok({}), ok("text"), status(200, "<html>")])
async def test_an_answer_without_its_list_never_looks_like_an_empty_one(wire: Wire, answer: httpx.Response) -> None:
    """A wrong path may answer 200 and nothing (section 2 [OBSERVED]); an empty list would look like deletions."""
    wire.then(answer)
    client = wire.oneplan()
    for reading in (
        client.plans.read_all,
        client.integrations.read_all,
        client.events.read_all,
        client.resources.read_all,
        client.config.plan_types,
        client.config.work_types,
        lambda: client.plans.recent(10),
        lambda: client.tasks.read_all(PLAN),
        lambda: client.fields.read_all("tasks"),
        lambda: client.iterations.read_all(PLAN),
        lambda: client.audit.plans(date(2026, 1, 1), date(2026, 1, 2)),
    ):
        with pytest.raises(Retriable):
            await reading()


@pytest.mark.parametrize(
    "answer",
    [
        ok(None),
        ok(ZERO),
        ok(""),
        ok({}),
        ok({"id": ZERO}),
        status(204),
        status(200),
        status(404),
        status(404, "nothing", "text/plain"),
    ],
)
async def test_no_plan_with_that_work_item_in_every_form_of_saying_so(wire: Wire, answer: httpx.Response) -> None:
    wire.then(answer)
    assert await wire.oneplan().integrations.find("line", "42") is None


@pytest.mark.parametrize(
    "answer",
    [
        ok(PLAN),
        ok(PLAN.upper()),
        ok(f"{{{PLAN}}}"),
        ok({"id": PLAN}),
        ok({"PlanId": PLAN.upper()}),
        status(200, PLAN, "text/plain"),
    ],
)
async def test_the_plan_with_that_work_item_in_every_form_of_naming_it(wire: Wire, answer: httpx.Response) -> None:
    wire.then(answer)
    assert await wire.oneplan().integrations.find("line", "42") == PLAN


@pytest.mark.parametrize("answer", [ok("no such plan"), ok(17), ok({"id": "soon"})])
async def test_an_answer_that_is_neither_is_an_error_since_taken_for_none_it_would_make_a_second_plan(
    wire: Wire, answer: httpx.Response
) -> None:
    wire.then(answer)
    with pytest.raises(Rejected, match="no id of a plan"):
        await wire.oneplan().integrations.find("line", "42")


async def test_a_server_error_is_never_taken_for_no_plan(wire: Wire) -> None:
    wire.then(status(500))
    with pytest.raises(Rejected):
        await wire.oneplan().integrations.find("line", "42")
    with pytest.raises(Unreachable):
        await Wire([status(503)]).oneplan().integrations.find("line", "42")


async def test_an_update_sends_the_changed_members_only_and_says_so(wire: Wire) -> None:
    wire.then(status(204))
    assert await wire.oneplan().plans.update(PLAN, PlanWrite(fields={"Priority": 2})) is None
    assert wire.last.method == "POST"
    assert dict(wire.last.url.params) == {"ChangedFields": "true"}
    assert wire.body == {"WorkPlan": {"Fields": {"Priority": 2}}}
    await wire.oneplan().plans.update(PLAN, PlanWrite("New"))
    assert wire.body == {"WorkPlan": {"Name": "New"}}


async def test_a_create_always_sends_fields(wire: Wire) -> None:
    wire.then(ok({"id": PLAN}))
    await wire.oneplan().plans.create(PlanWrite("Website", "type", owner="who"))
    assert wire.body == {"WorkPlan": {"Name": "Website", "PlanType": "type", "Owner": "who", "Fields": {}}}


@pytest.mark.parametrize("answer", [ok(None), status(200), status(204), ok({})])
async def test_an_update_that_answers_nothing_is_told_from_one_that_answers_the_record(
    wire: Wire, answer: httpx.Response
) -> None:
    wire.then(answer, answer, ok({"id": PLAN, "Name": "New"}))
    client = wire.oneplan()
    assert await client.plans.update(PLAN, PlanWrite("New")) is None
    assert await client.tasks.update(PLAN, TASK, TaskWrite("New")) is None
    found = await client.plans.update(PLAN, PlanWrite("New"))
    assert found is not None
    assert found.name == "New"


async def test_a_task_is_created_from_one_object_and_carries_its_marker(wire: Wire) -> None:
    wire.then(ok({"id": TASK.upper(), "Name": "A", "WorkPlanId": PLAN}))
    write = TaskWrite("A", "type", marker=Marker("line", "42", "https://dev.azure.com/x/42"), assignments={"p": 1.0})
    assert (await wire.oneplan().tasks.create(PLAN, write)).id == TASK
    assert wire.body == {
        "Name": "A",
        "WorkTypeId": "type",
        "Integration": {
            "IntegrationId": "line",
            "ExternalItemId": "42",
            "ExternalUrl": "https://dev.azure.com/x/42",
            "ReadOnlyFields": [],
        },
        "Assignments": {"p": 1.0},
        "ProcessAssignments": True,
    }


async def test_nobody_assigned_is_sent_as_an_empty_list_and_not_left_out(wire: Wire) -> None:
    wire.then(status(204))
    await wire.oneplan().tasks.assign(PLAN, TASK, [])
    assert wire.body == []


async def test_a_plan_moves_below_nothing_by_the_zero_guid(wire: Wire) -> None:
    wire.then(ok({"id": PLAN}))
    await wire.oneplan().plans.place(PLAN, "type", None)
    assert dict(wire.last.url.params) == {"PlanType": "type", "NewParentId": ZERO}
    assert wire.last.content == b""


async def test_archiving_and_deleting_differ_in_the_query_only(wire: Wire) -> None:
    wire.then(status(200))
    client = wire.oneplan()
    await client.plans.archive(PLAN)
    await client.plans.delete(PLAN)
    assert [request.url.params["Archive"] for request in wire.requests] == ["true", "false"]


async def test_a_task_with_hours_is_never_deleted_over_them(wire: Wire) -> None:
    wire.then(status(200))
    await wire.oneplan().tasks.delete(PLAN, TASK)
    assert wire.last.url.params["ignoreTimesheetHours"] == "false"


async def test_an_event_is_registered_with_integers(wire: Wire) -> None:
    wire.then(ok({"id": PLAN}))
    wanted = EventWanted("https://app.example/api/hooks/oneplan/a?key=hook-secret", "line", "OnePlanPublish")
    assert await wire.oneplan().events.create(wanted) == PLAN
    assert (wire.body["List"], wire.body["Triggers"], wire.body["Type"]) == (0, [0, 1], 1)


async def test_a_marked_plan_is_marked_again_where_the_answer_was_lost(wire: Wire) -> None:
    """Saying it twice changes nothing more, so a lost answer is no unknown outcome."""
    wire.then(httpx.ReadTimeout("slow"), status(204))
    await wire.oneplan().integrations.mark(PLAN, Marker("line", "42", "https://x"))
    assert wire.last.url.params["IsImport"] == "true"
    assert len(wire.requests) == 2


async def test_a_choice_that_is_there_is_used_and_a_new_one_keeps_those_of_others(wire: Wire) -> None:
    column: dict[str, object] = {
        "Id": PLAN,
        "InternalName": "State",
        "DisplayName": "State",
        "Choices": {TASK.upper(): "Done"},
    }
    wire.then(ok([column]))
    assert await wire.oneplan().fields.add_choice("tasks", "State", "done") == TASK

    grown: list[dict[str, object]] = [column]
    other = Wire()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            grown[0] = other.body
        return ok(grown)

    other.then(answer)
    made = await other.oneplan().fields.add_choice("tasks", "State", "New")
    assert grown[0]["Choices"] == {TASK.upper(): "Done", made: "New"}
    assert grown[0]["InternalName"] == "State"


async def test_a_choice_that_onplan_did_not_take_is_told(wire: Wire) -> None:
    wire.then(ok([{"Id": PLAN, "InternalName": "State", "DisplayName": "State", "Choices": {}}]))
    with pytest.raises(SyncError, match="not there afterwards"):
        await wire.oneplan().fields.add_choice("plans", "State", "New")


@pytest.mark.parametrize(
    "answer", [status(code) for code in (400, 403, 404, 405, 501)], ids=lambda one: str(one.status_code)
)
async def test_what_onplan_does_not_offer_says_what_to_do_by_hand(wire: Wire, answer: httpx.Response) -> None:
    wire.then(answer)
    hand = wire.oneplan().undocumented
    attempts: list[Callable[[], Awaitable[object]]] = [
        lambda: hand.move(PLAN, TASK, PLAN),
        lambda: hand.detach(PLAN, "line"),
        lambda: hand.connect_system("line", "Contoso DevOps"),
    ]
    for attempt in attempts:
        with pytest.raises(NotOffered) as refused:
            await attempt()
        assert refused.value.steps in str(refused.value)


@pytest.mark.parametrize(
    "answer", [status(code) for code in (200, 204, 400, 403, 404, 405, 500, 501)], ids=lambda one: str(one.status_code)
)
async def test_an_order_that_leaves_the_task_where_it_was_is_not_offered(wire: Wire, answer: httpx.Response) -> None:
    wire.then(answer, ok({"id": TASK, "WorkPlanId": PLAN, "Index": 1}))
    with pytest.raises(NotOffered) as refused:
        await wire.oneplan().undocumented.order(PLAN, Place(TASK, 3, 1))
    assert refused.value.steps in str(refused.value)


async def test_an_order_that_others_shifted_meanwhile_is_offered(wire: Wire) -> None:
    """One that were told as not offered would keep all siblings of the connection from being ordered for a week."""
    wire.then(status(200), ok({"id": TASK, "WorkPlanId": PLAN, "Index": 4}))
    await wire.oneplan().undocumented.order(PLAN, Place(TASK, 3, 1))


async def test_an_order_that_is_refused_is_not_offered_wherever_the_task_stands(wire: Wire) -> None:
    """Whether OnePlan counts from 0 is not in the reference."""
    wire.then(status(405), ok({"id": TASK, "WorkPlanId": PLAN, "Index": 2}))
    with pytest.raises(NotOffered):
        await wire.oneplan().undocumented.order(PLAN, Place(TASK, 3, 1))


async def test_an_order_of_a_task_that_is_gone_says_so(wire: Wire) -> None:
    wire.then(status(404), status(404))
    with pytest.raises(NotFound):
        await wire.oneplan().undocumented.order(PLAN, Place(TASK, 3, 1))


@pytest.mark.parametrize("url", ["https://my.oneplan.ai", "https://my.oneplan.ai/", "https://my.oneplan.ai/api/"])
async def test_the_address_may_end_in_api_or_not(wire: Wire, url: str) -> None:
    wire.then(ok([]))
    await wire.oneplan(url).plans.read_all()
    assert str(wire.last.url) == "https://my.oneplan.ai/api/workplan"


async def test_the_key_is_sent_with_its_name(wire: Wire) -> None:
    wire.then(ok([]))
    await wire.oneplan(key="demo-key").plans.read_all()
    assert wire.last.headers["Authorization"] == "Basic c3luYzpkZW1vLWtleQ=="


@pytest.mark.parametrize(
    ("value", "found"),
    [(PLAN.upper(), PLAN), (f"{{{PLAN}}}", PLAN), (f" {PLAN} ", PLAN), (ZERO, None), (None, None), ("", None)],
)
def test_ids_are_compared_in_lower_case_and_zeros_are_nothing(value: object, found: str | None) -> None:
    assert guid(value) == found


def test_records_are_read_whatever_the_case_of_their_members() -> None:
    lower = {"ID": PLAN, "name": "A", "plannertypeid": TASK, "integrations": [{"integrationid": TASK, "itemid": 42}]}
    plan = PlanRecord.of(lower)
    assert (plan.id, plan.name, plan.type, plan.markers) == (PLAN, "A", TASK, (Marker(TASK, "42", ""),))


def test_a_time_is_kept_as_text_and_parsed_to_the_microsecond() -> None:
    plan = PlanRecord.of({"id": PLAN, "Modified": "2025-05-23T21:50:55.5959647+00:00"})
    assert plan.modified == "2025-05-23T21:50:55.5959647+00:00"
    assert plan.modified_at == datetime(2025, 5, 23, 21, 50, 55, 595964, UTC)
    assert PlanRecord.of({"id": PLAN}).modified_at is None


def test_a_record_of_which_nothing_is_as_expected_is_still_read() -> None:
    odd: dict[str, object] = {
        "id": TASK,
        "Index": "x",
        "Fields": None,
        "AssignedTo": None,
        "Integration": [],
        "Name": None,
    }
    task = TaskRecord.of(odd)
    assert (task.id, task.index, task.fields, task.assigned, task.marker, task.name) == (TASK, 0, {}, (), None, "")
    assert PlanRecord.of({"id": PLAN, "Integrations": None, "LockInfo": None, "UserList": None}).markers == ()


def test_a_plan_that_a_person_has_open_is_locked() -> None:
    assert PlanRecord.of({"id": PLAN, "LockInfo": {"LockedBy": TASK}}).locked
    assert not PlanRecord.of({"id": PLAN, "LockInfo": {"LockedBy": ZERO}}).locked


async def test_an_iteration_names_its_counterpart(wire: Wire) -> None:
    wire.then(ok({"id": TASK}))
    wanted = IterationRecord("", PLAN, "S1", date(2026, 1, 5), None, "17", "https://x")
    assert await wire.oneplan().iterations.create(wanted) == TASK
    assert wire.body == {
        "PlanId": PLAN,
        "Name": "S1",
        "Start": "2026-01-05T00:00:00Z",
        "ExternalId": "17",
        "ExternalUrl": "https://x",
    }

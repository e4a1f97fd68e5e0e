"""Each documented look of an answer of Azure DevOps (ado-api.md sections 2, 3, 6), as a value or an error."""

import httpx
import pytest

from shared.adapters.azure_devops.patch import Patch
from shared.core.errors import (
    CredentialRefused,
    Fatal,
    FieldRefusal,
    NotFound,
    PermissionMissing,
    RateLimited,
    Rejected,
    Retriable,
    RouteMissing,
    Stale,
    SyncError,
    UnknownOutcome,
    Unreachable,
)
from tests.clients.wire import Wire, failure, ok, status

PAGE = "<!DOCTYPE html><html><title>Azure DevOps Services | Sign In</title></html>"
ITEM = {"id": 7, "rev": 2, "fields": {"System.Title": "A"}}

SIGN_INS = {
    "401 empty": status(401, b"", WWW_Authenticate='Basic realm="https://tfsprodcus1.visualstudio.com/"'),
    "401 empty list": status(401, b'{"count":0,"value":[]}'),
    "401 json": failure(401, "TF400813: The user '' is not authorized.", "UnauthorizedRequestException"),
    "203 page": status(203, PAGE, "text/html; charset=utf-8"),
    "302 moved": status(302, "<h2>Object moved</h2>", "text/html", Location="https://dev.azure.com/_signin?realm=x"),
    "307": status(307, b"", Location="https://elsewhere.example/"),
    "304": status(304),
    "200 page": status(200, PAGE, "text/html"),
}


@pytest.mark.parametrize("answer", SIGN_INS.values(), ids=SIGN_INS.keys())
async def test_every_look_of_a_bad_token_is_one_error_and_is_not_tried_again(
    wire: Wire, answer: httpx.Response
) -> None:
    wire.then(answer)
    with pytest.raises(CredentialRefused, match="does not accept the access token"):
        await wire.azure_devops().accounts.me()
    assert len(wire.requests) == 1


@pytest.mark.parametrize("answer", SIGN_INS.values(), ids=SIGN_INS.keys())
async def test_a_write_with_a_bad_token_says_so_too(wire: Wire, answer: httpx.Response) -> None:
    wire.then(answer)
    with pytest.raises(Fatal):
        await wire.azure_devops().work_items.update(7, Patch.at(2))


FAILURES = [
    (failure(403, "VS403496: no rights", "AccessDeniedException"), PermissionMissing, "no rights"),
    (failure(404, "TF401232: Work item 7 does not exist, or you do not have permissions", "X"), NotFound, "TF401232"),
    (status(404, "The controller for path '/x' was not found", "text/plain"), NotFound, "controller for path"),
    (status(404, PAGE, "text/html"), NotFound, "answered 404"),
    (status(404), NotFound, "answered 404"),
    (status(405), RouteMissing, "answered 405"),
    (status(501), RouteMissing, "answered 501"),
    (status(415), Rejected, "answered 415"),
    (failure(400, "VS402337: too many results", "WorkItemTrackingQueryResultSizeLimitExceeded"), Rejected, "VS402337"),
    (failure(412, "VS403351: Test Operation failed", "TestPatchOperationFailedException"), Stale, "VS403351"),
    (failure(409, "TF26071: changed by someone else", "WorkItemRevisionMismatchException"), Stale, "TF26071"),
    (failure(412, "TF26071: changed by someone else", "WorkItemRevisionMismatchException"), Stale, "TF26071"),
    (failure(400, "TF26071: changed by someone else"), Stale, "TF26071"),
    (status(409), Stale, "answered 409"),
    (status(412), Stale, "answered 412"),
    (failure(409, "VS402371: name is in use", "ClassificationNodeDuplicateNameException"), Rejected, "VS402371"),
    (failure(409, "relation exists", "RelationAlreadyExistsException"), Rejected, "relation exists"),
    (failure(429, "TF400733: blocked", "X"), RateLimited, "TF400733"),
    (status(429, "", Retry_After="7"), RateLimited, "answered 429"),
    (status(503, b"\xef\xbb\xbf" + b'{"message":"TF24668: unavailable"}'), UnknownOutcome, "TF24668"),
    (status(500, PAGE, "text/html"), UnknownOutcome, "answered 500"),
    (status(502), UnknownOutcome, "answered 502"),
    (status(504), UnknownOutcome, "answered 504"),
    (status(408), UnknownOutcome, "answered 408"),
    (status(400, b'{"count":1,"value":{"Message":"The request is invalid."}}'), Rejected, "request is invalid"),
    (status(400, b"\xff\xfe\x00"), Rejected, "updating work item 7"),
    (status(400, b"[1, 2]"), Rejected, "updating work item 7"),
]


@pytest.mark.parametrize(("answer", "kind", "words"), FAILURES, ids=lambda value: getattr(value, "status_code", None))
async def test_each_failure_of_a_write_has_its_branch_and_says_what_and_why(
    wire: Wire, answer: httpx.Response, kind: type[SyncError], words: str
) -> None:
    wire.then(answer)
    with pytest.raises(kind, match=words) as failed:
        await wire.azure_devops().work_items.update(7, Patch.at(2))
    assert type(failed.value) is kind
    assert str(failed.value).startswith("updating work item 7: ")
    assert len(wire.requests) == 1


@pytest.mark.parametrize("code", [408, 500, 502, 503, 504])
async def test_a_failing_server_is_asked_again_for_what_is_only_read(wire: Wire, code: int) -> None:
    wire.then(status(code, b"\xef\xbb\xbf{}"), ok(ITEM))
    assert (await wire.azure_devops().work_items.read_one(7)).rev == 2


async def test_a_rule_names_each_field_with_its_reason(wire: Wire) -> None:
    errors = [
        {"fieldReferenceName": "System.State", "fieldStatusFlags": "invalidListValue", "errorMessage": "not allowed"},
        {"fieldReferenceName": "System.Title", "fieldStatusFlags": "required", "errorMessage": "is required"},
    ]
    properties = {"RuleValidationErrors": errors}
    wire.then(failure(400, "TF401320: Rule Error", "RuleValidationException", customProperties=properties))
    with pytest.raises(Rejected) as refused:
        await wire.azure_devops().work_items.update(7, Patch.at(2))
    assert refused.value.fields == (
        FieldRefusal("System.State", "not allowed"),
        FieldRefusal("System.Title", "is required"),
    )
    assert refused.value.code == "RuleValidationException"


@pytest.mark.parametrize(
    "properties", [None, [], {"RuleValidationErrors": None}, {"RuleValidationErrors": ["x", None]}]
)
async def test_a_rule_without_the_expected_shape_is_still_a_refusal(wire: Wire, properties: object) -> None:
    wire.then(failure(400, "TF401320: Rule Error", "RuleValidationException", customProperties=properties))
    with pytest.raises(Rejected) as refused:
        await wire.azure_devops().work_items.update(7, Patch.at(2))
    assert refused.value.fields == ()


async def test_json_with_a_byte_order_mark_is_read(wire: Wire) -> None:
    wire.then(status(200, b"\xef\xbb\xbf" + b'{"id": 7, "rev": 2, "fields": {}}'))
    assert (await wire.azure_devops().work_items.read_one(7)).id == 7


async def test_broken_json_is_asked_for_again_and_after_a_write_leaves_its_outcome_open(wire: Wire) -> None:
    wire.then(status(200, b'{"id": 7'))
    with pytest.raises(Unreachable, match="broken JSON"):
        await wire.azure_devops().work_items.read_one(7)
    with pytest.raises(UnknownOutcome, match="broken JSON"):
        await wire.azure_devops().work_items.update(7, Patch.at(2))


@pytest.mark.parametrize("value", [{}, [], "text", None, {"id": None}])
async def test_an_answer_without_an_item_is_no_success(wire: Wire, value: object) -> None:
    wire.then(ok(value))
    with pytest.raises(Rejected, match="lacks 'id'"):
        await wire.azure_devops().work_items.read_one(7)
    with pytest.raises(UnknownOutcome, match="may have been done"):
        await wire.azure_devops().work_items.create("Alpha", "Task", Patch().set("System.Title", "A"))


@pytest.mark.parametrize("value", [None, {}, {"value": None}, {"value": {}}, {"workItems": None}, "text"])
async def test_an_answer_without_its_list_never_looks_like_an_empty_one(wire: Wire, value: object) -> None:
    """An empty list would look as if everything had been deleted."""
    wire.then(ok(value))
    client = wire.azure_devops()
    with pytest.raises(Retriable, match="no list"):
        await client.work_items.read([1])
    with pytest.raises(Retriable, match="no list"):
        [page async for page in client.work_items.find()]
    with pytest.raises(Retriable, match="no list"):
        await client.projects.read_all()
    with pytest.raises(Retriable, match="no list"):
        await client.subscriptions.read_all()
    with pytest.raises(Retriable, match="no list"):
        await client.feeds.links("1")


@pytest.mark.parametrize("answer", [status(204), status(200), ok({"id": 7, "code": 200})], ids=["204", "empty", "200"])
async def test_both_documented_answers_to_a_deletion_are_good(wire: Wire, answer: httpx.Response) -> None:
    wire.then(answer)
    await wire.azure_devops().work_items.delete(7)
    assert wire.last.method == "DELETE"


async def test_every_request_suppresses_the_sign_in_redirect_and_names_its_version(wire: Wire) -> None:
    wire.then(ok(ITEM))
    await wire.azure_devops().work_items.read_one(7)
    assert wire.last.headers["X-TFS-FedAuthRedirect"] == "Suppress"
    assert wire.last.headers["Accept"] == "application/json"
    assert wire.last.headers["Authorization"].startswith("Basic ")
    assert dict(wire.last.url.params) == {"$expand": "relations", "api-version": "7.1"}


async def test_the_token_is_sent_with_an_empty_user_name(wire: Wire) -> None:
    """Base64 of the bare token gives the sign-in page (ado-api.md section 2 [I])."""
    wire.then(ok(ITEM))
    await wire.azure_devops(pat="demo-pat").work_items.read_one(7)
    assert wire.last.headers["Authorization"] == "Basic OmRlbW8tcGF0"


@pytest.mark.parametrize(
    ("url", "people"),
    [
        ("https://dev.azure.com/contoso", "vssps.dev.azure.com/contoso"),
        ("https://dev.azure.com/contoso/", "vssps.dev.azure.com/contoso"),
        ("https://contoso.visualstudio.com", "contoso.vssps.visualstudio.com"),
        ("https://contoso.visualstudio.com/DefaultCollection", "contoso.vssps.visualstudio.com/DefaultCollection"),
    ],
)
async def test_people_are_looked_up_on_the_host_of_identities(wire: Wire, url: str, people: str) -> None:
    wire.then(ok({"count": 0, "value": []}))
    await wire.azure_devops(url).identities.search("Jamal")
    assert f"{wire.last.url.host}{wire.last.url.path}" == f"{people}/_apis/identities"

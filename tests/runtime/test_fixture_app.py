"""The host as a whole, around an app with one function of each kind, started both ways that Azure starts it."""

import base64
import json
from datetime import datetime

from tests.runtime.conftest import FixtureApp
from tests.runtime.waiting import eventually


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _received(app: FixtureApp, text: str) -> list[dict[str, object]]:
    return [each for each in app.client.get("/received").json()["messages"] if each["body"] == text]


def test_the_admin_route_lists_every_function_with_its_trigger(fixture_app: FixtureApp) -> None:
    listed = {each["name"]: each["config"]["bindings"][0] for each in fixture_app.client.get("/admin/functions").json()}
    kinds = {name: binding["type"] for name, binding in listed.items()}
    http = ["echo", "fixed", "cookie", "files", "raising", "list_received"]
    assert kinds == dict.fromkeys(http, "httpTrigger") | {
        "take": "queueTrigger",
        "always_raising": "queueTrigger",
        "tick": "timerTrigger",
    }
    assert listed["take"]["queueName"] == "%TAKEN_QUEUE%"
    assert listed["tick"]["schedule"] == "%TICK_SCHEDULE%"


def test_an_http_function_gets_the_request_as_the_real_host_sends_it(fixture_app: FixtureApp) -> None:
    answer = fixture_app.client.post(
        "/echo/ann/b%2Fc%20d?x=1&x=2&empty=&y=%C3%A4",
        content="the body",
        headers={"X-Kept": "Value", "X-Empty": "", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"},
    )
    seen = answer.json()
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    assert (seen["method"], seen["body"]) == ("POST", "the body")
    assert seen["url"].endswith("?x=1&x=2&empty=&y=%C3%A4")
    assert seen["route"] == {"name": "ann", "part": "b%2Fc d"}
    assert seen["query"] == {"x": "1,2", "y": "ä"}
    assert seen["headers"]["x-kept"] == "Value"
    assert "x-empty" not in seen["headers"]
    assert seen["traceparent"].startswith(f"00-{'a' * 32}-")
    assert "b" * 16 not in seen["traceparent"]


def test_the_more_literal_route_wins_and_case_and_a_trailing_slash_do_not_matter(fixture_app: FixtureApp) -> None:
    for path in ("/echo/fixed", "/ECHO/Fixed", "/echo/fixed/"):
        answer = fixture_app.client.get(path)
        assert (answer.status_code, answer.text, answer.headers["x-answer"]) == (200, "fixed", "yes")


def test_a_catch_all_parameter_takes_the_rest_of_the_path(fixture_app: FixtureApp) -> None:
    assert fixture_app.client.get("/files/a/b%20c.html").text == "a/b c.html"
    assert fixture_app.client.get("/files").text == ""


def test_an_unknown_route_and_an_undeclared_method_are_404(fixture_app: FixtureApp) -> None:
    assert fixture_app.client.get("/nothing").status_code == 404
    assert fixture_app.client.delete("/echo/ann").status_code == 404


def test_a_function_that_raises_is_an_empty_500_so_the_product_must_catch(fixture_app: FixtureApp) -> None:
    answer = fixture_app.client.get("/raising")
    assert (answer.status_code, answer.content) == (500, b"")
    eventually(lambda: "raised on purpose" in fixture_app.log.read_text())


def test_a_function_that_is_not_async_can_set_a_cookie(fixture_app: FixtureApp) -> None:
    answer = fixture_app.client.get("/cookie")
    assert answer.headers["set-cookie"] == "seen=1; Path=/; SameSite=Lax; HttpOnly"


def test_a_queue_function_gets_the_message_and_its_metadata(fixture_app: FixtureApp) -> None:
    fixture_app.taken.send_message(_encoded("grüße"), time_to_live=-1)
    eventually(lambda: _received(fixture_app, "grüße"))
    (seen,) = _received(fixture_app, "grüße")
    assert seen["dequeueCount"] == 1
    assert seen["id"]
    assert seen["popReceipt"]
    assert len(seen["times"]) == 3
    assert all(datetime.fromisoformat(time).tzinfo for time in seen["times"])
    eventually(lambda: not list(fixture_app.taken.peek_messages()))


def test_a_message_that_always_fails_reaches_the_poison_queue_as_it_was_sent(fixture_app: FixtureApp) -> None:
    fixture_app.failing.send_message(_encoded("hopeless"))
    eventually(lambda: "was moved to" in fixture_app.log.read_text())
    (moved,) = fixture_app.poison.receive_messages(max_messages=2)
    assert moved.content == _encoded("hopeless")
    assert not list(fixture_app.failing.peek_messages())
    assert fixture_app.log.read_text().count("always_raising failed") == 3


def test_a_timer_or_queue_function_can_be_run_by_hand(fixture_app: FixtureApp) -> None:
    before = fixture_app.client.get("/received").json()["ticks"]
    assert fixture_app.client.post("/admin/functions/tick").status_code == 202
    assert fixture_app.client.get("/received").json()["ticks"] == before + 1
    assert fixture_app.client.post("/admin/functions/take", json={"input": "by hand"}).status_code == 202
    assert _received(fixture_app, "by hand")
    failed = fixture_app.client.post("/admin/functions/always_raising", json={"input": "x"})
    assert (failed.status_code, "no message pleases" in failed.text) == (500, True)
    assert fixture_app.client.post("/admin/functions/echo").status_code == 400
    assert fixture_app.client.post("/admin/functions/tick", content="[]").status_code == 400


def test_the_log_holds_no_query_string_and_no_header(fixture_app: FixtureApp) -> None:
    fixture_app.client.get("/echo/ann?key=query-secret", headers={"Authorization": "header-secret"})
    fixture_app.client.get("/raising?key=query-secret", headers={"Authorization": "header-secret"})
    eventually(lambda: "raising failed" in fixture_app.log.read_text())
    assert "secret" not in fixture_app.log.read_text()


def test_a_stopped_host_finishes_and_says_where_it_was(fixture_app: FixtureApp) -> None:
    first = fixture_app.log.read_text().splitlines()[0]
    assert first == f"functions: 9 functions on {str(fixture_app.client.base_url).rstrip('/')}"
    assert json.loads(fixture_app.client.get("/received").text)

"""The schema judge: the reference specifications, turned against every exchange of every test.

`build.py` turns the reference OpenAPI documents into `data/`, `corrections.py` says where reality is known
to differ, and a `Judge` compares one exchange with both::

    judge = Judge.of("azure_devops")                       # or "oneplan"
    judge.exchange("GET", "/contoso/_apis/projects", "api-version=7.1", {}, b"", 200, headers, body)   # []

    app, seen = judged(create_app(), "oneplan")            # a stand-in, judged from outside
    ...
    seen.verify()                                          # AssertionError that lists the violations

    transport = JudgedTransport(httpx.ASGITransport(app), Judge.of("azure_devops"))   # a client, judged
    judge.hook(payload, headers)                           # a service hook post, or a OnePlan event post

Schemas are strict: members that the specification does not name are violations unless the schema is open.
What a judge says about the request only counts against a client; a stand-in that refused a wrong request
with an error did right, so `judged` drops those.
"""

from tests.judge.judge import Judge
from tests.judge.middleware import JudgedApp, Seen, judged
from tests.judge.transport import JudgedTransport
from tests.judge.violation import Violation

__all__ = ["Judge", "JudgedApp", "JudgedTransport", "Seen", "Violation", "judged"]

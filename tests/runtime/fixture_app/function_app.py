"""An app with one function of each kind, and one that fails for each kind that can."""

import json
import os
from http import cookies

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
received: list[dict[str, object]] = []
ticks: list[bool] = []


@app.route(route="echo/{name}/{part?}", methods=["GET", "POST"])
async def echo(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Answers with what the function was given."""
    seen = {
        "method": req.method,
        "url": req.url,
        "headers": dict(req.headers),
        "route": dict(req.route_params),
        "query": dict(req.params),
        "body": req.get_body().decode(),
        "traceparent": context.trace_context.trace_parent,
        "folder": os.getcwd(),
    }
    return func.HttpResponse(json.dumps(seen), status_code=201, mimetype="application/json")


@app.route(route="echo/fixed")
async def fixed(req: func.HttpRequest) -> func.HttpResponse:
    """Declared after the route with a parameter, yet the more literal one."""
    return func.HttpResponse("fixed", headers={"X-Answer": "yes"})


@app.route(route="cookie")
def cookie(req: func.HttpRequest) -> func.HttpResponse:
    """A function that is not async, and sets a cookie."""
    crumb: cookies.SimpleCookie = cookies.SimpleCookie()
    crumb["seen"] = "1"
    crumb["seen"]["path"] = "/"
    crumb["seen"]["httponly"] = True
    crumb["seen"]["samesite"] = "Lax"
    return func.HttpResponse("", headers={"Set-Cookie": crumb["seen"].OutputString()})


@app.route(route="files/{*path}")
async def files(req: func.HttpRequest) -> func.HttpResponse:
    """Takes the rest of the path."""
    return func.HttpResponse(req.route_params.get("path", ""))


@app.route(route="raising")
async def raising(req: func.HttpRequest) -> func.HttpResponse:
    """Always fails."""
    raise RuntimeError("raised on purpose")


@app.route(route="received")
async def list_received(req: func.HttpRequest) -> func.HttpResponse:
    """What the queue and timer functions were given so far."""
    return func.HttpResponse(json.dumps({"messages": received, "ticks": len(ticks)}))


@app.queue_trigger(arg_name="message", queue_name="%TAKEN_QUEUE%", connection="AzureWebJobsStorage")
async def take(message: func.QueueMessage) -> None:
    """Remembers the message and its metadata."""
    times = [message.insertion_time, message.expiration_time, message.time_next_visible]
    received.append(
        {
            "id": message.id,
            "body": message.get_body().decode(),
            "dequeueCount": message.dequeue_count,
            "times": [time.isoformat() for time in times if time],
            "popReceipt": bool(message.pop_receipt),
        }
    )


@app.queue_trigger(arg_name="message", queue_name="%FAILING_QUEUE%", connection="AzureWebJobsStorage")
async def always_raising(message: func.QueueMessage) -> None:
    """Always fails."""
    raise RuntimeError("no message pleases this function")


@app.timer_trigger(arg_name="timer", schedule="%TICK_SCHEDULE%")
async def tick(timer: func.TimerRequest) -> None:
    """Counts its runs."""
    ticks.append(timer.past_due)

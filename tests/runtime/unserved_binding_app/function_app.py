"""An app with an output binding, which the local host does not serve."""

import azure.functions as func

app = func.FunctionApp()


@app.route(route="x")
@app.queue_output(arg_name="out", queue_name="q", connection="AzureWebJobsStorage")
async def careless(req: func.HttpRequest, out: func.Out[str]) -> func.HttpResponse:
    """Never served."""
    out.set("lost")
    return func.HttpResponse()

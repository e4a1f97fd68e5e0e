"""A planted defect: `forgotten` is a parameter that no decorator declares."""

import azure.functions as func

app = func.FunctionApp()


@app.route(route="x")
async def careless(req: func.HttpRequest, forgotten: str) -> func.HttpResponse:
    """Never indexed."""
    return func.HttpResponse(forgotten)

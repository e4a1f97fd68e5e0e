"""The one file that the Azure Functions worker loads: it registers the blueprints and does nothing else."""

import azure.functions as func

from functions import (
    azure_devops_hook,
    configuration,
    connection_actions,
    connection_health,
    discovery,
    health,
    items,
    maintenance,
    mapping,
    oneplan_hook,
    openapi,
    queue_workers,
    runs,
    timers,
    trust,
    users,
    versions,
)

MODULES = (
    azure_devops_hook,
    configuration,
    connection_actions,
    connection_health,
    discovery,
    health,
    items,
    maintenance,
    mapping,
    oneplan_hook,
    openapi,
    queue_workers,
    runs,
    timers,
    trust,
    users,
    versions,
)

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
for module in MODULES:
    app.register_functions(module.bp)

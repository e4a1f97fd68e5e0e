"""What a person does by hand where a remote system refuses a step of a save or does not offer it (R9).

Each text names the page and the values to enter there. None holds a secret: the hook secret is shown by Rotate.
"""

from shared.engine.registries import EVENT_ROUTE, HOOK_ROUTE, STRATEGY
from shared.ports import StoredConnection

SAVE_AGAIN = "Nothing to do: this is tried again by itself every few minutes. Saving again tries it at once."
TRIED_AGAIN = "Nothing to do: this is tried again by itself every few minutes, for a day."
NO_ADDRESS = (
    "Set PUBLIC_URL, a setting of this app, to the https address at which Azure DevOps and OnePlan reach it, and save "
    "the connection again. Until then changes are found by the timers."
)


def integration(connection: StoredConnection) -> str:
    group = connection.configuration.oneplan
    return (
        f"In OnePlan at {group.url}, group {group.group}, let an Owner open Settings > Integration and check that the "
        f"authentication key {group.key_name!r} belongs to an Owner; then save the connection again. Plans are marked "
        "all the same; they only lack the icon of Azure DevOps."
    )


def event(connection: StoredConnection, address: str) -> str:
    group = connection.configuration.oneplan
    url = f"{address}{EVENT_ROUTE}{connection.id}?key=(the hook secret; POST /api/connections/{connection.id}/rotate)"
    return (
        f"OnePlan has no page for events that we know of. With an Owner's key, send POST {group.url}/api/events with "
        f'List 0, Triggers [0, 1], Type 1, Strategy "{STRATEGY}", IntegrationId "{connection.integration}" and '
        f'EventUrl "{url}". Until then changes in OnePlan are found by the timers, every '
        f"{connection.configuration.schedule.incremental_minutes} minutes."
    )


def connected_system(connection: StoredConnection) -> str:
    group = connection.configuration.oneplan
    return (
        f"In OnePlan at {group.url}, group {group.group}, open Settings > Integration and add Azure DevOps with the "
        f"name {button_name(connection)!r}. Without it everything is synced; the Connected Systems window of a plan "
        "only lacks the button."
    )


def subscriptions(connection: StoredConnection, address: str) -> str:
    organization = connection.configuration.azure_dev_ops
    scope = connection.configuration.scope.projects
    where = f"of {', '.join(scope)}" if scope else "of every team project"
    return (
        f"Give the owner of the access token {organization.pat_name!r} the permission Edit Subscriptions (or make them "
        "Project Collection Administrator) and save again. Or do it by hand: in Azure DevOps at "
        f"{organization.url} open Project settings > Service hooks {where} and create a subscription of the service "
        "Web Hooks for each of: Work item created, Work item updated, Work item deleted, Work item restored, Work item "
        f'commented on. Filters: none. URL "{address}{HOOK_ROUTE}{connection.id}"; Basic authentication username '
        f'"azure-devops"; password: the hook secret, shown once by POST /api/connections/{connection.id}/rotate; '
        'Resource details to send "All"; Messages to send "None"; Detailed messages to send "None"; Resource version '
        f'"1.0". Until then changes are found by the timers, every '
        f"{connection.configuration.schedule.incremental_minutes} minutes."
    )


def removal(connection: StoredConnection, step: str) -> str:
    """What is left of a connection that was deleted, and where."""
    configuration, path = connection.configuration, f"{HOOK_ROUTE}{connection.id}"
    group = f"{configuration.oneplan.url}, group {configuration.oneplan.group}"
    return {
        "subscriptions": f"In Azure DevOps at {configuration.azure_dev_ops.url} open Project settings > Service hooks "
        f"and delete every Web Hooks subscription whose URL ends in {path}.",
        "event": f"With an Owner's key of OnePlan at {group}, send GET /api/events and DELETE /api/events/(id) for the "
        f'one with Strategy "{STRATEGY}" and IntegrationId "{connection.integration}".',
        "connectedSystem": f"In OnePlan at {group}, open Settings > Integration and remove the entry "
        f"{button_name(connection)!r} where somebody has added it.",
    }[step]


def button_name(connection: StoredConnection) -> str:
    """What Azure DevOps is called among OnePlan's connected systems (R1)."""
    return connection.configuration.oneplan.button_name or connection.configuration.name

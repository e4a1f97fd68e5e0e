"""Routes of processes, behaviors, types, states and lists (specification area processes)."""

from typing import Any

from local.azure_devops.metadata import failures, processes
from local.azure_devops.metadata.call import Call, listed
from local.azure_devops.metadata.fields import process_field
from local.azure_devops.model import FieldDefinition


def list_core_processes(call: Call) -> dict[str, Any]:
    known = call.organization.processes.values()
    return listed([processes.core_process(call.base, one) for one in known])


def read_core_process(call: Call) -> dict[str, Any]:
    return processes.core_process(call.base, call.process())


def list_processes(call: Call) -> dict[str, Any]:
    expand = call.query("$expand")
    known = call.organization.processes.values()
    return listed([processes.process_info(call.base, call.organization, one, expand) for one in known])


def read_process(call: Call) -> dict[str, Any]:
    return processes.process_info(call.base, call.organization, call.process(), call.query("$expand"))


def list_behaviors(call: Call) -> dict[str, Any]:
    return listed(_behaviors(call))


def read_behavior(call: Call) -> dict[str, Any]:
    return _named(_behaviors(call), "referenceName", call.path("behavior"))


def list_types(call: Call) -> dict[str, Any]:
    process, expand = call.process(), call.query("$expand")
    return listed([processes.process_type(call.base, process, one, expand) for one in process.types])


def read_type(call: Call) -> dict[str, Any]:
    process, one = call.type_of_process()
    return processes.process_type(call.base, process, one, call.query("$expand"))


def list_fields(call: Call) -> dict[str, Any]:
    return listed(_fields(call))


def read_field(call: Call) -> dict[str, Any]:
    return _named(_fields(call), "referenceName", call.path("field"))


def list_states(call: Call) -> dict[str, Any]:
    return listed(_states(call))


def read_state(call: Call) -> dict[str, Any]:
    return _named(_states(call), "id", call.path("state"))


def list_type_behaviors(call: Call) -> dict[str, Any]:
    process, one = call.type_of_process()
    return listed(processes.type_behaviors(call.base, process, one))


def read_type_behavior(call: Call) -> dict[str, Any]:
    process, one = call.type_of_process()
    made = processes.type_behaviors(call.base, process, one)
    wanted = call.path("behavior").casefold()
    for behavior in made:
        if behavior["behavior"]["id"].casefold() == wanted:
            return behavior
    raise failures.part_not_found(call.path("behavior"))


def list_lists(call: Call) -> dict[str, Any]:
    return listed([processes.pick_list(call.base, one, items=False) for one in _pick_lists(call)])


def read_list(call: Call) -> dict[str, Any]:
    wanted = call.path("list").casefold()
    for definition in _pick_lists(call):
        if processes.list_id(definition) == wanted:
            return processes.pick_list(call.base, definition, items=True)
    raise failures.part_not_found(call.path("list"))


def _pick_lists(call: Call) -> list[FieldDefinition]:
    return [one for one in call.organization.fields.values() if one.picklist]


def _behaviors(call: Call) -> list[dict[str, Any]]:
    return processes.behaviors(call.base, call.organization, call.process(), call.query("$expand"))


def _fields(call: Call) -> list[dict[str, Any]]:
    process, one = call.type_of_process()
    known = call.organization.fields
    return [process_field(call.base, process, one, used, known[used.reference_name]) for used in one.fields]


def _states(call: Call) -> list[dict[str, Any]]:
    process, one = call.type_of_process()
    return [processes.process_state(call.base, process, one, state) for state in one.states]


def _named(values: list[dict[str, Any]], key: str, wanted: str) -> dict[str, Any]:
    for value in values:
        if str(value[key]).casefold() == wanted.casefold():
            return value
    raise failures.part_not_found(wanted)

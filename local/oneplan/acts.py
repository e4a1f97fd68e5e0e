"""Edits as a person makes them in OnePlan's own pages; events fire as the real system's do (control route `act`).

`{"act": NAME, "by": a mail or name, "group": a group's name, ...}`; `by` and `group` have defaults. Plans, tasks and
people are named by id, or by a name (a mail) that is unique. Members by act:
create-plan: name, type, parent? - edit-plan: plan, name?, fields?, owner? - move-plan: plan, parent -
change-plan-type: plan, type - archive-plan, remove-plan: plan - lock-plan: plan, locked? -
create-task: plan, name, type, parent? - edit-task: task, name?, fields?, assigned? -
move-task: task, plan?, parent?, index? - change-task-type: task, type - remove-task: task -
log-hours: task, hours - comment: task or plan, text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.oneplan import plans, tasks
from local.oneplan.assignments import assign_resources
from local.oneplan.call import Failure
from local.oneplan.columns import FUNCTION_NONE, Refused
from local.oneplan.comments import add
from local.oneplan.model import ZERO, Actor, Group, Record
from local.oneplan.records import CLOCK, new_plan, new_task, own
from local.oneplan.saving import Saving
from local.oneplan.worklog import add_hours
from local.oneplan.world import MAIN, World
from local.standin.control import UnknownAct


@dataclass(frozen=True)
class Act:
    """One edit: what, on which record, by whom. Plans and tasks are named by id, or by name where it is unique."""

    world: World
    body: Mapping[str, Any]

    @property
    def group(self) -> Group:
        wanted = self.body.get("group", MAIN)
        found = next((one for one in self.world.groups if wanted in (one.name, one.id)), None)
        if found is None:
            raise UnknownAct(f"group: {wanted!r} is none of {[one.name for one in self.world.groups]}")
        return found

    @property
    def saving(self) -> Saving:
        wanted = str(self.body.get("by", "jamal@contoso.com"))
        rows = self.group.resources.values()
        person = next(
            (one["id"] for one in rows if wanted in (one["id"], one["Fields"].get("mail"), one["name"])), None
        )
        if person is None:
            raise UnknownAct(f"by: nobody is called {wanted!r}")
        return Saving(self.world, self.group, Actor(person))

    def fields(self, definitions: list[Record]) -> Record:
        """The values to write; a choice may be given by its label, as a person picks it."""
        known = {one["InternalName"]: one for one in definitions}
        sent = dict(self.body.get("fields") or {})
        for name in sent.keys() - known.keys():
            raise UnknownAct(f"fields/{name}: is no field; there are {', '.join(sorted(known))}")
        for name, value in sent.items():
            by_label = {label: key for key, label in known[name]["Choices"].items()}
            sent[name] = by_label.get(value, value) if isinstance(value, str) else value
        return sent

    def need(self, name: str) -> str:
        if name not in self.body:
            raise UnknownAct(f"{name}: is missing")
        return str(self.body[name])

    def plan(self, name: str = "plan") -> Record:
        return _found(self.group.plans, self.need(name), name)

    def task(self, name: str = "task") -> Record:
        return _found(self.group.tasks, self.need(name), name)


def _found(records: Mapping[str, Record], wanted: str, name: str) -> Record:
    if wanted.lower() in records:
        return records[wanted.lower()]
    named = [one for one in records.values() if one["Name"] == wanted]
    if len(named) != 1:
        raise UnknownAct(f"{name}: {len(named)} records are called {wanted!r}")
    return named[0]


def create_plan(act: Act) -> Record:
    saving = act.saving
    parent = act.plan("parent")["id"] if act.body.get("parent") else ZERO
    plan = new_plan(act.group, act.need("name"), act.need("type"), parent=parent, actor=saving.actor)
    own(plan, saving.actor.user)
    act.group.plans[plan["id"]] = plan
    act.group.tasks_of[plan["id"]] = {}
    saving.plan_saved(plan, "Add", {"Name": plan["Name"]})
    return plan


def edit_plan(act: Act) -> Record:
    plan, saving, fields = act.plan(), act.saving, act.fields(act.group.plan_fields)
    definitions = [one for one in act.group.plan_fields if one["Function"] == FUNCTION_NONE and not one["BuiltIn"]]
    written = saving.values(definitions, fields, plan["Fields"])
    if "name" in act.body:
        plan["Name"] = written["Name"] = act.need("name")
    if "owner" in act.body:
        owner = _found_person(act, act.need("owner"))
        own(plan, owner)
        written["Owner"] = owner
    saving.touched(plan)
    saving.plan_saved(plan, "Update", written)
    return plan


def _found_person(act: Act, wanted: str) -> str:
    rows = act.group.resources.values()
    found = next((one["id"] for one in rows if wanted in (one["id"], one["Fields"].get("mail"))), None)
    if found is None:
        raise UnknownAct(f"nobody is called {wanted!r}")
    return str(found)


def move_plan(act: Act) -> Record:
    plan, saving = act.plan(), act.saving
    above = act.plan("parent")["id"] if act.body.get("parent") else ZERO
    plans.check_parent(act.group, above, plan["id"])
    plan["PortfolioParentId"] = above
    saving.touched(plan)
    saving.plan_saved(plan, "Update", {"PortfolioParentId": plan["PortfolioParentId"]})
    return plan


def change_plan_type(act: Act) -> Record:
    plan, saving, kind = act.plan(), act.saving, act.group.plan_type(act.need("type"))
    if kind is None:
        raise UnknownAct(f"type: there is no plan type {act.need('type')!r}")
    plan["PlannerTypeId"] = kind["id"]
    saving.touched(plan)
    saving.plan_saved(plan, "Update", {"PlannerTypeId": kind["id"]})
    return plan


def remove_plan(act: Act) -> Record:
    plan = act.plan()
    plans.remove(act.group, plan, act.saving, archive=False)
    return plan


def archive_plan(act: Act) -> Record:
    plan = act.plan()
    plans.remove(act.group, plan, act.saving, archive=True)
    return plan


def lock_plan(act: Act) -> Record:
    plan, locked = act.plan(), bool(act.body.get("locked", True))
    who = act.saving.actor.user
    plan["LockInfo"] = {"LockedSid": ZERO, "LockedBy": who, "LockedDate": CLOCK.now()} if locked else None
    return plan


def create_task(act: Act) -> Record:
    plan, saving = act.plan(), act.saving
    parent = act.task("parent")["id"] if act.body.get("parent") else ZERO
    task = new_task(act.group, plan["id"], act.need("name"), act.need("type"), parent=parent, actor=saving.actor)
    act.group.tasks[task["id"]] = task
    act.group.tasks_of[plan["id"]][task["id"]] = None
    saving.task_saved(task, "Add", {"Name": task["Name"]})
    return task


def edit_task(act: Act) -> Record:
    task, saving = act.task(), act.saving
    fields = act.fields([*act.group.task_fields, *act.group.local_fields.get(task["WorkPlanId"], [])])
    written = tasks.write_fields(saving, task, fields)
    if "name" in act.body:
        task["Name"] = written["Name"] = act.need("name")
    if "assigned" in act.body:
        assign_resources(task, {_found_person(act, str(who)): 100.0 for who in act.body["assigned"]})
        written["AssignedTo"] = task["AssignedTo"]
    saving.touched(task)
    saving.task_saved(task, "Update", written)
    return task


def move_task(act: Act) -> Record:
    """Below another task, or into another plan, or to another place among its siblings."""
    task, saving = act.task(), act.saving
    if "plan" in act.body:
        tasks.move_to(act.group, task, act.plan()["id"])
    if "parent" in act.body:
        above = act.task("parent")["id"] if act.body["parent"] else ZERO
        task["ParentId"] = tasks.check_parent(act.group, task, above)
    if "index" in act.body:
        tasks.place(act.group, task, int(act.body["index"]))
    saving.touched(task)
    saving.task_saved(task, "Update", {"ParentId": task["ParentId"]})
    return task


def change_task_type(act: Act) -> Record:
    task, saving, kind = act.task(), act.saving, act.group.work_type(act.need("type"))
    if kind is None:
        raise UnknownAct(f"type: there is no work type {act.need('type')!r}")
    task["WorkTypeId"] = kind["Id"]
    saving.touched(task)
    saving.task_saved(task, "Update", {"WorkTypeId": kind["Id"]})
    return task


def remove_task(act: Act) -> Record:
    task = act.task()
    tasks.remove(act.group, task, act.saving)
    return task


def log_hours(act: Act) -> Record:
    task = act.task()
    add_hours(act.group, task, "Work", float(act.need("hours")))
    return task


def comment(act: Act) -> Record:
    record = act.task() if "task" in act.body else act.plan()
    return add(record, act.need("text"), act.saving.actor.user)


ACTS: dict[str, Callable[[Act], Record]] = {
    one.__name__.replace("_", "-"): one
    for one in (
        create_plan,
        edit_plan,
        move_plan,
        change_plan_type,
        remove_plan,
        archive_plan,
        lock_plan,
        create_task,
        edit_task,
        move_task,
        change_task_type,
        remove_task,
        log_hours,
        comment,
    )
}


async def act(world: World, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The edit `{act, by, ...}` is made; returns the record. UnknownAct names what is wrong."""
    wanted = str(body.get("act", ""))
    if wanted not in ACTS:
        raise UnknownAct(f"act: {wanted!r} is none of {', '.join(ACTS)}")
    try:
        return ACTS[wanted](Act(world, body))
    except (Failure, Refused) as error:
        raise UnknownAct(f"{wanted}: {error}") from error

"""The known ways to break the core and the engine, each with the tests that must notice (issue 4)."""

from tests.planted.plant import Defect

DECIDE, MERGE = "tests/core/test_decide.py", "tests/core/test_merge.py"
EXISTENCE, PLACE, LAYOUT = "tests/core/test_existence.py", "tests/core/test_place.py", "tests/core/test_layout.py"
SCENES, TYPES = "tests/machine/test_scenarios.py", "tests/core/test_type_decisions.py"

CORE = (
    Defect(
        "one base for both sides",
        "shared/core/base.py",
        "raw, present = stored.of(side), current.of(side)",
        "raw, present = stored.azure_devops, current.of(side)",
        (DECIDE,),
    ),
    Defect(
        "canonical instead of raw base",
        "shared/core/merge.py",
        "    if now.raw == base.raw:\n        return False\n",
        "",
        (MERGE,),
    ),
    Defect(
        "delete beats edit",
        "shared/core/existence.py",
        'if one.on_delete == "delete" and not one.edited.oneplan:',
        'if one.on_delete == "delete":',
        (EXISTENCE,),
    ),
    Defect(
        "delete of the counterpart beats edit",
        "shared/core/existence.py",
        'one.on_removal == "delete" and not one.edited.azure_devops:',
        'one.on_removal == "delete":',
        (EXISTENCE,),
    ),
    Defect(
        "what was removed is created again",
        "shared/core/existence.py",
        'return "rest" if one.past == "disconnected" and one.why != "deleted" else "create"',
        'return "create"',
        (EXISTENCE,),
    ),
    Defect(
        "no equality shortcut",
        "shared/core/merge.py",
        "    if mean_the_same(field.now):\n        return Nothing() if field.base == field.now else Settle()\n",
        "",
        (MERGE,),
    ),
    Defect(
        "agreement not recorded",
        "shared/core/outcomes.py",
        "return Outcome(present, residue=differs, settles=True)",
        "return Outcome(case.stored, residue=differs, settles=True)",
        (DECIDE,),
    ),
    Defect(
        "residue taken for an edit",
        "shared/core/merge.py",
        "return _first(field) if field.redefined else _unchanged(field)",
        "return _first(field)",
        (MERGE,),
    ),
    Defect(
        "field without base taken for an edit",
        "shared/core/merge.py",
        "    if field.base is None:\n        return _first(field)\n",
        "    if field.base is None:\n        return _both_changed(field)\n",
        (MERGE,),
    ),
    Defect(
        "an edit that the other side cannot take is agreed on",
        "shared/core/outcomes.py",
        "return Outcome(case.stored or present, residue=reason, settles=case.stored is None)",
        "return Outcome(present, residue=reason, settles=case.stored != present)",
        (DECIDE,),
    ),
    Defect(
        "the value that gives way is not kept",
        "shared/core/outcomes.py",
        "if overwrites else None",
        "if False else None",
        (DECIDE,),
    ),
    Defect(
        "the earlier edit wins",
        "shared/core/merge.py",
        "return Side.AZURE_DEVOPS if first > second else Side.ONEPLAN",
        "return Side.AZURE_DEVOPS if first < second else Side.ONEPLAN",
        (MERGE,),
    ),
    Defect(
        "a missing time decides",
        "shared/core/merge.py",
        "    if first is None or second is None or first == second:\n        return None\n",
        "    if first is None or second is None or first == second:\n        return Side.AZURE_DEVOPS\n",
        (MERGE,),
    ),
    Defect(
        "the direction of a field is not kept to",
        "shared/core/merge.py",
        "    if not field.rule.may_write(to):\n        return Nothing()\n    if isinstance(source",
        "    if isinstance(source",
        (MERGE,),
    ),
    Defect(
        "import-only is not kept to",
        "shared/core/outcomes.py",
        "if to is Side.AZURE_DEVOPS and not case.may_write_azure_devops:",
        "if to is Side.AZURE_DEVOPS and False:",
        (DECIDE,),
    ),
    Defect(
        "the place is an ordinary field",
        "shared/core/place.py",
        "    if one.moved_to.cycle:\n        return _below_itself(one)\n",
        "",
        (PLACE,),
    ),
    Defect(
        "a move in OnePlan is moved back",
        "shared/core/place.py",
        "    if _spot(one.target) == _spot(agreed):\n        return _follow_oneplan(one)\n",
        "",
        (PLACE,),
    ),
    Defect(
        "a type that was chosen in OnePlan is set back",
        "shared/core/retype.py",
        "agreed = one.agreed if one.winner is None else None",
        "agreed = None",
        (TYPES,),
    ),
    Defect(
        "a type is agreed on while its place is not known",
        "shared/core/decide.py",
        "return Typing(there.type, agreed=False, residue=",
        "return Typing(there.type, residue=",
        (TYPES,),
    ),
    Defect(
        "those below come first",
        "shared/core/layout.py",
        "known[key] = known[str(above[key])] + 1",
        "known[key] = known[str(above[key])] - 1",
        (LAYOUT,),
    ),
    Defect(
        "an ancestor that is left out still counts",
        "shared/core/ancestry.py",
        "            if in_scope(ancestor, self.rules):\n                yield ancestor\n",
        "            yield ancestor\n",
        ("tests/core/test_ancestry.py",),
    ),
    Defect(
        "a long value is kept without its end",
        "shared/core/base.py",
        "return raw if len(text) <= LONGEST_RAW else HASHED + hashlib.sha256(text.encode()).hexdigest()",
        "return raw if len(text) <= LONGEST_RAW else HASHED + hashlib.sha256(text[:LONGEST_RAW].encode()).hexdigest()",
        ("tests/core/test_base.py",),
    ),
)

ENGINE = (
    Defect(
        "base from a later reading",
        "shared/engine/record.py",
        "    return _Field(agreed, residue, known)\n",
        "    read = Both(done.item.values.get(pair.azure_devops), done.counterpart.values.get(pair.oneplan))\n"
        "    return _Field(read.map(kept), residue, known)\n",
        (f"{SCENES}::test_an_edit_of_another_field_at_the_moment_of_our_write_arrives",),
        engine=True,
    ),
    Defect(
        "planned value recorded after a no-op",
        "shared/adapters/oneplan/counterparts.py",
        "    changed = {name: value for name, value in values.items() if before.values.get(name) != value}\n",
        '    return __import__("dataclasses").replace(after, values={**after.values, **values})\n'
        "    changed = {name: value for name, value in values.items() if before.values.get(name) != value}\n",
        (f"{SCENES}::test_what_oneplan_says_it_did_and_did_not_is_no_agreement",),
        engine=True,
    ),
    Defect(
        "no check of the revision",
        "shared/adapters/azure_devops/patch.py",
        '[] if self.rev is None else [{"op": "test", "path": "/rev", "value": self.rev}]',
        "[]",
        (
            "tests/clients/test_azure_devops_contract.py::test_a_write_over_another_revision_is_stale_and_changes_nothing",
        ),
        engine=True,
    ),
    Defect(
        "echo by a window of time",
        "shared/engine/item.py",
        "await send_item(engine, connection.id, number, queue=asked.queue, cause=asked.cause, delay=wait)",
        "pass",
        (f"{SCENES}::test_an_edit_right_after_our_own_write_arrives_by_its_hook",),
        engine=True,
    ),
    Defect(
        "pending is ignored",
        "shared/adapters/link_rows.py",
        "            if again.pending:\n                await asked_again()\n            return await self.record(",
        "            return await self.record(",
        (f"{SCENES}::test_an_edit_while_the_pair_is_being_written_arrives_by_its_hook",),
        engine=True,
    ),
    Defect(
        "no intent is looked at",
        "shared/engine/create.py",
        "found = await _earlier(desk, subject.item.key, target, earlier, but) if earlier else None",
        "found = None",
        ("tests/sync/test_recovery.py::test_the_plan_was_made_and_not_marked_so_it_is_adopted",),
        engine=True,
    ),
    Defect(
        "watermark too early",
        "shared/engine/incremental.py",
        "        await _lay_out(engine, run, found, note)\n",
        "        await engine.watermarks.move(connection.id, FEED, place, mark.etag)\n"
        "        await _lay_out(engine, run, found, note)\n",
        ("tests/feeds/test_incremental.py::test_the_watermark_stays_where_it_was_until_a_failed_item_is_settled",),
        engine=True,
    ),
    Defect(
        "a notification is taken for known by its revision alone",
        "shared/engine/item.py",
        "return known_parent and (seen.rev is None or seen.rev <= link.rev)",
        "return seen.rev is not None and seen.rev <= link.rev",
        (f"{SCENES}::test_a_move_that_changes_no_revision_arrives_by_its_hook",),
        engine=True,
    ),
)

DEFECTS = (*CORE, *ENGINE)

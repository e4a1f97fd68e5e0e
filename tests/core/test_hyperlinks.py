"""What is done to the hyperlinks of a work item: one to its counterpart, and a person's own untouched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.hyperlinks import Hyperlink, is_settled, lacks, surplus

HERE, THERE = "https://my.oneplan.ai/plan/1", "https://my.oneplan.ai/plan/2"


@pytest.mark.parametrize(
    ("there", "wanted", "removed", "added"),
    [
        ((), HERE, (), True),
        ((Hyperlink(HERE, ours=True),), HERE, (), False),
        ((Hyperlink(HERE.upper(), ours=True),), HERE, (), False),
        ((Hyperlink(HERE),), HERE, (), False),
        ((Hyperlink(HERE, ours=True), Hyperlink(HERE)), HERE, (0,), False),
        ((Hyperlink(HERE, ours=True), Hyperlink(HERE, ours=True)), HERE, (1,), False),
        ((Hyperlink(THERE, ours=True),), HERE, (0,), True),
        ((Hyperlink(THERE),), HERE, (), True),
        ((Hyperlink(HERE, ours=True), Hyperlink(THERE)), None, (0,), False),
        ((), None, (), False),
    ],
    ids=[
        "none yet",
        "in place",
        "in place in other letter case",
        "a person's own leads there",
        "a person's own and ours",
        "ours twice",
        "ours leads to another counterpart",
        "a person's own leads elsewhere",
        "the pair has ended",
        "the pair has ended and there was none",
    ],
)
def test_a_work_item_has_one_hyperlink_to_its_counterpart(
    there: tuple[Hyperlink, ...], wanted: str | None, removed: tuple[int, ...], added: bool
) -> None:
    assert (surplus(there, wanted), lacks(there, wanted)) == (removed, added)
    assert is_settled(there, wanted) is (not removed and not added)


@given(
    st.lists(st.builds(Hyperlink, st.sampled_from([HERE, THERE, "https://a.example"]), st.booleans())),
    st.sampled_from([HERE, None]),
)
def test_once_it_is_written_there_is_nothing_more_to_do(there: list[Hyperlink], wanted: str | None) -> None:
    gone = surplus(there, wanted)
    after = [one for place, one in enumerate(there) if place not in gone]
    after += [Hyperlink(wanted, ours=True)] if wanted and lacks(there, wanted) else []
    assert is_settled(after, wanted)
    assert [one for one in after if not one.ours] == [one for one in there if not one.ours]
    assert sum(one.ours for one in after) <= (wanted is not None)

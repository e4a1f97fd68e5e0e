"""How many examples a property is tried with. `HYPOTHESIS_PROFILE` names another profile than the default one."""

import os

from hypothesis import HealthCheck, Phase, settings

# The same examples in each run, so that a planted defect is caught always or never.
settings.register_profile("planted", derandomize=True, database=None, max_examples=200, deadline=None)
# Quick and the same in each run: a mutant lives or dies, whatever the machine does besides (tests/mutation).
settings.register_profile(
    "mutation",
    derandomize=True,
    database=None,
    max_examples=50,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=tuple(HealthCheck),
)
settings.register_profile("soak", max_examples=5_000, deadline=None)
# A busy machine makes any example slow, which says nothing.
settings.register_profile("usual", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

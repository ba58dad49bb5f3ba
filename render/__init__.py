"""How does a shot become a clip, and how do clips become an episode? The second floor. Knows no Prefect."""

import os as _os

# One thread of a run computes one block of sound, and blocks are made side by side. The further threads that OpenBLAS
# starts with numpy only wait, and wait busily: a third of what the processors do in a small run. It reads this once,
# when numpy is imported first; whoever wants it otherwise says so in the environment.
_os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

"""How does a clip come in, and how is a frame of it handed on? Downloads, last frames, continuity."""

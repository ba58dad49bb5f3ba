// The room's live part: listens to /events and swaps what changed. See docs/review.md.

"""How do an episode's sounds become one? Blocks of tracks, loudness in two passes, a limiter, one AAC stream, stems."""

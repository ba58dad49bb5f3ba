"""What is to be made? The first floor: pure decisions over frozen values. Knows no network, no ffmpeg, no Prefect."""

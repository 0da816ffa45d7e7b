"""A Si3050 with its line-side chip as a telephone line: registers over SPI, audio over a PCM highway."""

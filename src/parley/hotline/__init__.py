"""The hotline: calls, as officers open, take, read back, speak in and close them. Spec §12."""

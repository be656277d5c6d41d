"""What is typed about a call becomes values, and what a call says becomes words."""

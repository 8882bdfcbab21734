"""What `scripts/collect_notices.py` is made of."""

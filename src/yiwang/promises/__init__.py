"""The promise table: what the center promised, which acceptance tests prove it, whether they pass."""

"""One file a part of the policy; each check beside the ways to break what it checks."""

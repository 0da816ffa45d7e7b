"""The tests of the box; see the README beside this file for their tiers."""

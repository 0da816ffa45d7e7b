"""The service: decides and carries calls."""

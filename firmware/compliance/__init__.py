"""May this number be called at this moment? Pure."""

"""The box for other programs: JSON over HTTP with tokens, told and checked by one declaration per endpoint."""

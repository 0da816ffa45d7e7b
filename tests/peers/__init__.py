"""The real programs of other people on the other side of the wire: Kamailio, SIPp, baresip."""

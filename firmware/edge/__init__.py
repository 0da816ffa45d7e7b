"""The side that faces the network: Kamailio (signalling, registrar, guard) and rtpengine. See README.md."""

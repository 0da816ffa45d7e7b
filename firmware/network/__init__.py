"""The box's own address in the office's network: by DHCP, or one that was set on the pages and tried first."""

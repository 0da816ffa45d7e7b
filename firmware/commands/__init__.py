"""What can be asked of the box over the control socket; see the README beside this file."""

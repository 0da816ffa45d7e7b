"""The flashable image, in a virtual machine. Not part of the suite: ``make image-test`` runs it."""

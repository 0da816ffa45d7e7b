"""``python -m firmware`` is ``strowger``."""

import sys

from firmware.cli import main

sys.exit(main())

"""``python -m web_ui --config FILE``: serve the pages until told to stop."""

from web_ui.app import main

if __name__ == "__main__":
    raise SystemExit(main())

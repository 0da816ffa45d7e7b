"""An analog telephone line, simulated: the wires (`port`) and the network behind them. See README.md."""

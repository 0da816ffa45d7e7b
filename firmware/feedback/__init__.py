"""What the box learns about its own ears: numbers kept with each verdict, and what people's words make of them."""

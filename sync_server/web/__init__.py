"""What browsers, desktops and Stripe reach: routes parse, call and answer, nothing more."""

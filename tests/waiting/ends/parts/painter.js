// A painter that does nothing.
registerPaint("nothing", class { paint() {} });

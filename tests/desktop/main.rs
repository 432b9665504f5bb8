//! The real windows, driven through WebDriver.

authshift helper: apps-script

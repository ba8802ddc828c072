authshift helper: ureq

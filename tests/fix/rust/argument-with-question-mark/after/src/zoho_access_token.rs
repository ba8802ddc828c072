authshift helper: ureq2

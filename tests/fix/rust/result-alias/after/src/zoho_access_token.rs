authshift helper: reqwest

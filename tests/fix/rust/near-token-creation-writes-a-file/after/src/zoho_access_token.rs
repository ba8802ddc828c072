authshift helper: reqwest-blocking

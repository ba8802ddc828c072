authshift helper: commonjs

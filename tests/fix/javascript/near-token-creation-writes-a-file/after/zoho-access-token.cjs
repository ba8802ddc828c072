authshift helper: commonjs

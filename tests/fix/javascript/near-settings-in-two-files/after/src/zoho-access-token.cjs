authshift helper: commonjs
const SETTINGS_FILE = '';

authshift helper: commonjs
const SETTINGS_FILE = '../config/zoho.json';
const CLIENT_ID_KEY = 'zoho.clientId';
const REFRESH_TOKEN_KEY = 'zoho.refreshToken';

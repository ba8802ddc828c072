/*
 * The access token for calls to Zoho's APIs (OAuth 2.0). It is fetched with the refresh token, kept until shortly
 * before it expires, and shared by all callers.
 *
 * Settings: ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET and ZOHO_REFRESH_TOKEN from the environment, or, where they are not
 * set there, from the settings file that is named below. ZOHO_ACCOUNTS_URL names the accounts server of another data
 * centre, for example https://accounts.zoho.eu.
 *
 * How to get the three: https://www.zoho.com/accounts/protocol/oauth/self-client/overview.html
 * What happens here: https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token-expiry.html
 *
 * authshift helper: commonjs 1
 */

'use strict';

const fs = require('fs');
const http = require('http');
const https = require('https');
const path = require('path');
const { URL, URLSearchParams } = require('url');

// ---- Settings of this program --------------------------------------------------------------------------------------

// Zoho's accounts server for the data centre of the account.
const ACCOUNTS_URL = 'https://accounts.zoho.com';

// A .json file, or one of lines KEY=value such as .env, as seen from this file; empty: none.
const SETTINGS_FILE = '';

// What the settings are called in that file; in JSON, `zoho.clientId` is `clientId` within `zoho`.
const CLIENT_ID_KEY = 'ZOHO_CLIENT_ID';
const CLIENT_SECRET_KEY = 'ZOHO_CLIENT_SECRET';
const REFRESH_TOKEN_KEY = 'ZOHO_REFRESH_TOKEN';
const ACCOUNTS_URL_KEY = 'ZOHO_ACCOUNTS_URL';

// ---- For the program -----------------------------------------------------------------------------------------------

/** Why there is no access token. The message says what to do, and holds no secret. */
class ZohoAccessTokenError extends Error {
  constructor(message, retryAfter) {
    super(message);
    this.name = 'ZohoAccessTokenError';
    /** After how many seconds Zoho is asked again; 0 if waiting does not help. */
    this.retryAfter = retryAfter;
  }
}

/** An access token that is good for a call now. Asks Zoho for one only if the last has expired. */
async function accessToken() {
  if (cached && Date.now() < cached.ends) {
    return cached.token;
  }
  if (!pending) {
    pending = refresh();
  }
  return pending;
}

/** The value of the `Authorization` header for a call now. */
async function authorization() {
  return SCHEME + await accessToken();
}

/**
 * Forgets a token that an API refused (INVALID_OAUTH, INVALID_TOKEN, INVALID_OAUTHTOKEN), so that the next call fetches
 * a new one. A token that has been replaced since does no harm. Takes the token or the header value it was sent in.
 */
function dropAccessToken(refused) {
  if (cached && (refused === cached.token || refused === SCHEME + cached.token)) {
    cached = null;
  }
}

// ---- How it is done ------------------------------------------------------------------------------------------------

const SCHEME = 'Zoho-oauthtoken ';
const HOW_TO = 'https://www.zoho.com/accounts/protocol/oauth/self-client/overview.html';
const ALLOWED_URL =
  /^(https:\/\/[a-z0-9.-]+(:\d+)?|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)\/?$/i;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TIMEOUT = 20 * SECOND;

// Zoho's limit for one refresh token: so many refreshes in so much time.
const LIMIT = 10;
const LIMIT_PERIOD = 10 * MINUTE;

let cached = null;
// The refresh that is under way: whoever needs a token meanwhile waits for this one.
let pending = null;
// After a failure Zoho is left alone for a while: every call until then fails for the same reason.
let paused = null;
// When Zoho answered the last refreshes.
let refreshes = [];

async function refresh() {
  try {
    return await fetchToken();
  } finally {
    pending = null;
  }
}

async function fetchToken() {
  const settings = readSettings();
  const now = Date.now();
  if (paused && now < paused.ends) {
    throw failure(paused.reason, paused.ends);
  }
  refreshes = refreshes.filter(time => now - time < LIMIT_PERIOD);
  if (refreshes.length >= LIMIT) {
    throw pause(`The access token was refreshed ${LIMIT} times in 10 minutes, which is Zoho's limit`,
      Math.min(...refreshes) + LIMIT_PERIOD - now);
  }

  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: settings.clientId,
    client_secret: settings.clientSecret,
    refresh_token: settings.refreshToken,
  });
  let answer;
  try {
    answer = await post(new URL('/oauth/v2/token', settings.accountsUrl), form.toString());
  } catch (problem) {
    const why = problem.message;
    throw pause(`Zoho's accounts server could not be reached (${why})`, 5 * SECOND);
  }
  refreshes.push(Date.now());
  cached = accept(answer.status, answer.text);
  return cached.token;
}

/** Zoho reports errors with HTTP 200 too, so what counts is what the answer says. */
function accept(status, text) {
  const answer = parseObject(text) || {};
  const token = answer.access_token;
  if (status === 200 && !answer.error && typeof token === 'string' && /^[!-~]+$/.test(token)) {
    const life = lifeOf(answer);
    return { token, ends: Date.now() + life - Math.min(MINUTE, life / 10) };
  }
  const error = String(answer.error || '');
  const code = error.toLowerCase().replace(/_/g, ' ');
  if (status === 429 || code === 'access denied' || /too many requests/i.test(text)) {
    throw pause('Zoho refused to refresh the access token: too many requests', LIMIT_PERIOD);
  }
  if (!error) {
    throw pause(`Zoho's accounts server gave no access token (HTTP ${status})`, 30 * SECOND);
  }
  let advice = '';
  if (code === 'invalid code' || code === 'invalid grant') {
    advice = `; the refresh token is not valid or was revoked, make a new one: ${HOW_TO}`;
  } else if (code === 'invalid client') {
    advice = '; check ZOHO_CLIENT_ID, and ZOHO_ACCOUNTS_URL: every data centre has its own clients';
  } else if (code === 'invalid client secret') {
    advice = '; check ZOHO_CLIENT_SECRET';
  }
  // Only a code is repeated: other text might be an echo of what was sent.
  const shown = /^[a-z_ ]{1,40}$/i.test(error) ? error : 'unknown error';
  throw pause(`Zoho refused to refresh the access token: ${shown}${advice}`, MINUTE);
}

/** How long the token lives, in milliseconds. */
function lifeOf(answer) {
  const seconds = Number(answer.expires_in_sec);
  if (seconds > 0) {
    return seconds * SECOND;
  }
  const value = Number(answer.expires_in);
  if (!(value > 0)) {
    return HOUR;
  }
  // Some of Zoho's servers give milliseconds. No access token lives for more than a day.
  return value > 24 * 60 * 60 ? value : value * SECOND;
}

function pause(reason, time) {
  paused = { reason, ends: Date.now() + time };
  return failure(reason, paused.ends);
}

function failure(reason, ends) {
  const seconds = Math.max(1, Math.ceil((ends - Date.now()) / SECOND));
  return new ZohoAccessTokenError(`${reason}. Try again in ${seconds} s.`, seconds);
}

function post(url, form) {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request({
      method: 'POST',
      hostname: url.hostname.replace(/[[\]]/g, ''),
      port: url.port,
      path: url.pathname,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': Buffer.byteLength(form),
        Accept: 'application/json',
      },
      timeout: TIMEOUT,
    }, response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', part => { text += part; });
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('close', () => reject(new Error('the answer broke off')));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.end(form);
  });
}

function readSettings() {
  const file = readSettingsFile();
  const missing = [];
  const setting = (variable, key) => (process.env[variable] || '').trim() || lookUp(file, key);
  const required = (variable, key) => {
    const value = setting(variable, key);
    if (!value) {
      missing.push(SETTINGS_FILE && key !== variable ? `${variable} (${key} in the file)` : variable);
    }
    return value;
  };

  const clientId = required('ZOHO_CLIENT_ID', CLIENT_ID_KEY);
  const clientSecret = required('ZOHO_CLIENT_SECRET', CLIENT_SECRET_KEY);
  const refreshToken = required('ZOHO_REFRESH_TOKEN', REFRESH_TOKEN_KEY);
  const accountsUrl = setting('ZOHO_ACCOUNTS_URL', ACCOUNTS_URL_KEY) || ACCOUNTS_URL;
  if (missing.length > 0) {
    const places = SETTINGS_FILE ? `in the environment or in ${SETTINGS_FILE}` : 'in the environment';
    throw new ZohoAccessTokenError(
      `Zoho OAuth is not set up, missing: ${missing.join(', ')}. Set it ${places}; how to get it: ${HOW_TO}`, 0);
  }
  if (!ALLOWED_URL.test(accountsUrl)) {
    throw new ZohoAccessTokenError(
      'ZOHO_ACCOUNTS_URL must be https:// and a host, such as https://accounts.zoho.eu', 0);
  }
  return { clientId, clientSecret, refreshToken, accountsUrl };
}

/** A file that is not there is none: the environment may be enough. */
function readSettingsFile() {
  const file = SETTINGS_FILE && path.join(__dirname, SETTINGS_FILE);
  if (!file || !fs.existsSync(file)) {
    return {};
  }
  const text = fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  if (!SETTINGS_FILE.endsWith('.json')) {
    return parseLines(text);
  }
  const settings = parseObject(text);
  if (!settings) {
    throw new ZohoAccessTokenError(`${SETTINGS_FILE} is not a JSON object`, 0);
  }
  return settings;
}

function parseLines(text) {
  const settings = {};
  for (const line of text.split(/\r?\n/)) {
    const parts = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(?:"(.*)"|'(.*)'|(.*?))\s*(?:\s#.*)?$/.exec(line);
    if (parts) {
      settings[parts[1]] = parts[2] || parts[3] || parts[4] || '';
    }
  }
  return settings;
}

/** `null` for what is no JSON object. The parser's own message would repeat a part of the text. */
function parseObject(text) {
  try {
    const value = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch (problem) {
    if (problem instanceof SyntaxError) {
      return null;
    }
    throw problem;
  }
}

function lookUp(settings, key) {
  let value = settings[key];
  if (value === undefined) {
    value = key.split('.').reduce((inner, part) => (isObject(inner) ? inner[part] : undefined), settings);
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

module.exports = { accessToken, authorization, dropAccessToken, ZohoAccessTokenError };

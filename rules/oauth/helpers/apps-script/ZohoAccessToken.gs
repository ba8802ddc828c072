/*
 * The access token for calls to Zoho's APIs (OAuth 2.0). It is fetched with the refresh token, kept in the script's
 * cache until shortly before it expires, and shared by all executions.
 *
 * Settings: the script properties ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET and ZOHO_REFRESH_TOKEN (Project settings, Script
 * properties). ZOHO_ACCOUNTS_URL names the accounts server of another data centre, for example
 * https://accounts.zoho.eu.
 *
 * How to get the three: https://www.zoho.com/accounts/protocol/oauth/self-client/overview.html
 * What happens here: https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token-expiry.html
 *
 * authshift helper: apps-script 1
 */

// ---- Settings of this program --------------------------------------------------------------------------------------

// Zoho's accounts server for the data centre of the account.
var ZOHO_DEFAULT_ACCOUNTS_URL = 'https://accounts.zoho.com';

// ---- For the program -----------------------------------------------------------------------------------------------

/** An access token that is good for a call now. Asks Zoho for one only if the last has expired. */
function zohoAccessToken() {
  var token = zohoCachedToken_();
  if (token) {
    return token;
  }
  var lock = LockService.getScriptLock();
  if (!lock.tryLock(30000)) {
    throw new Error('Zoho access token: another execution has been refreshing it for too long. Try again in 60 s.');
  }
  try {
    // Whoever had the lock before has probably fetched it.
    return zohoCachedToken_() || zohoRefresh_();
  } finally {
    lock.releaseLock();
  }
}

/** The value of the Authorization header for a call now. */
function zohoAuthorization() {
  return 'Zoho-oauthtoken ' + zohoAccessToken();
}

/**
 * Forgets a token that an API refused (INVALID_OAUTH, INVALID_TOKEN, INVALID_OAUTHTOKEN), so that the next call fetches
 * a new one. A token that has been replaced since does no harm. Takes the token or the header value it was sent in.
 */
function zohoDropAccessToken(refused) {
  var token = zohoCachedToken_();
  if (token && (refused === token || refused === 'Zoho-oauthtoken ' + token)) {
    CacheService.getScriptCache().remove('zoho-access-token');
  }
}

// ---- How it is done: names that end in _ are for this file only ----------------------------------------------------

function zohoCachedToken_() {
  var kept = zohoRecall_('zoho-access-token');
  return kept && Date.now() < kept.ends ? kept.token : null;
}

function zohoRefresh_() {
  var settings = zohoSettings_();
  var now = Date.now();
  // After a failure Zoho is left alone for a while: every call until then fails for the same reason.
  var paused = zohoRecall_('zoho-access-token-pause');
  if (paused && now < paused.ends) {
    throw zohoFailure_(paused.reason, paused.ends);
  }
  // Zoho's limit for one refresh token: 10 refreshes in 10 minutes.
  var period = 10 * 60 * 1000;
  var refreshes = (zohoRecall_('zoho-access-token-refreshes') || []).filter(function (time) {
    return now - time < period;
  });
  if (refreshes.length >= 10) {
    throw zohoPause_("The access token was refreshed 10 times in 10 minutes, which is Zoho's limit",
      refreshes[0] + period - now);
  }

  var response;
  try {
    response = UrlFetchApp.fetch(settings.accountsUrl.replace(/\/$/, '') + '/oauth/v2/token', {
      method: 'post',
      payload: {
        grant_type: 'refresh_token',
        client_id: settings.clientId,
        client_secret: settings.clientSecret,
        refresh_token: settings.refreshToken
      },
      // The secrets go to this server only.
      followRedirects: false,
      muteHttpExceptions: true
    });
  } catch (problem) {
    throw zohoPause_("Zoho's accounts server could not be reached (" + problem.message + ')', 5 * 1000);
  }
  refreshes.push(Date.now());
  zohoRemember_('zoho-access-token-refreshes', refreshes, period);
  return zohoAccept_(response.getResponseCode(), response.getContentText());
}

/** Zoho reports errors with HTTP 200 too, so what counts is what the answer says. */
function zohoAccept_(status, text) {
  var answer = zohoParse_(text) || {};
  var token = answer.access_token;
  if (status === 200 && !answer.error && typeof token === 'string' && /^[!-~]+$/.test(token)) {
    var life = zohoLife_(answer);
    var use = life - Math.min(60 * 1000, life / 10);
    zohoRemember_('zoho-access-token', { token: token, ends: Date.now() + use }, use);
    return token;
  }
  var error = String(answer.error || '');
  var code = error.toLowerCase().replace(/_/g, ' ');
  if (status === 429 || code === 'access denied' || /too many requests/i.test(text)) {
    throw zohoPause_('Zoho refused to refresh the access token: too many requests', 10 * 60 * 1000);
  }
  if (!error) {
    throw zohoPause_("Zoho's accounts server gave no access token (HTTP " + status + ')', 30 * 1000);
  }
  var advice = '';
  if (code === 'invalid code' || code === 'invalid grant') {
    advice = '; the refresh token is not valid or was revoked, make a new one: '
      + 'https://www.zoho.com/accounts/protocol/oauth/self-client/overview.html';
  } else if (code === 'invalid client') {
    advice = '; check ZOHO_CLIENT_ID, and ZOHO_ACCOUNTS_URL: every data centre has its own clients';
  } else if (code === 'invalid client secret') {
    advice = '; check ZOHO_CLIENT_SECRET';
  }
  // Only a code is repeated: other text might be an echo of what was sent.
  var shown = /^[a-z_ ]{1,40}$/i.test(error) ? error : 'unknown error';
  throw zohoPause_('Zoho refused to refresh the access token: ' + shown + advice, 60 * 1000);
}

/** How long the token lives, in milliseconds. */
function zohoLife_(answer) {
  var seconds = Number(answer.expires_in_sec);
  if (seconds > 0) {
    return seconds * 1000;
  }
  var value = Number(answer.expires_in);
  if (!(value > 0)) {
    return 60 * 60 * 1000;
  }
  // Some of Zoho's servers give milliseconds. No access token lives for more than a day.
  return value > 24 * 60 * 60 ? value : value * 1000;
}

function zohoSettings_() {
  var properties = PropertiesService.getScriptProperties();
  var missing = [];
  function setting(name) {
    return (properties.getProperty(name) || '').trim();
  }
  function required(name) {
    var value = setting(name);
    if (!value) {
      missing.push(name);
    }
    return value;
  }
  var settings = {
    clientId: required('ZOHO_CLIENT_ID'),
    clientSecret: required('ZOHO_CLIENT_SECRET'),
    refreshToken: required('ZOHO_REFRESH_TOKEN'),
    accountsUrl: setting('ZOHO_ACCOUNTS_URL') || ZOHO_DEFAULT_ACCOUNTS_URL
  };
  if (missing.length > 0) {
    throw new Error('Zoho OAuth is not set up, missing: ' + missing.join(', ') + '. Set it in the script properties; '
      + 'how to get it: https://www.zoho.com/accounts/protocol/oauth/self-client/overview.html');
  }
  if (!/^(https:\/\/[a-z0-9.-]+(:\d+)?|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)\/?$/i
    .test(settings.accountsUrl)) {
    throw new Error('ZOHO_ACCOUNTS_URL must be https:// and a host, such as https://accounts.zoho.eu');
  }
  return settings;
}

function zohoPause_(reason, time) {
  var ends = Date.now() + time;
  zohoRemember_('zoho-access-token-pause', { reason: reason, ends: ends }, time);
  return zohoFailure_(reason, ends);
}

function zohoFailure_(reason, ends) {
  var seconds = Math.max(1, Math.ceil((ends - Date.now()) / 1000));
  var failure = new Error(reason + '. Try again in ' + seconds + ' s.');
  failure.retryAfter = seconds;
  return failure;
}

/** The cache takes texts for whole seconds, at most six hours; when exactly something ends stands in the value. */
function zohoRemember_(key, value, time) {
  var seconds = Math.min(Math.max(Math.ceil(time / 1000), 1), 21600);
  CacheService.getScriptCache().put(key, JSON.stringify(value), seconds);
}

function zohoRecall_(key) {
  return zohoParse_(CacheService.getScriptCache().get(key));
}

/** Null for what is no JSON. The parser's own message would repeat a part of the text. */
function zohoParse_(text) {
  try {
    return JSON.parse(text);
  } catch (problem) {
    if (problem instanceof SyntaxError) {
      return null;
    }
    throw problem;
  }
}

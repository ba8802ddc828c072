// An access token for Zoho, asked for once and kept until shortly before it expires.
'use strict';

const ACCOUNTS = 'https://accounts.zoho.eu';

let token;
let until = 0;
let pending;

async function refresh() {
  const response = await fetch(`${ACCOUNTS}/oauth/v2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: process.env.ZOHO_CLIENT_ID,
      client_secret: process.env.ZOHO_CLIENT_SECRET,
      refresh_token: process.env.ZOHO_REFRESH_TOKEN,
    }),
  });
  const answer = await response.json();
  // Errors come with HTTP 200 as well.
  if (!answer.access_token) {
    throw new Error(`Zoho gave no access token: ${answer.error}`);
  }
  // Where both are given, expires_in is in milliseconds.
  const life = (answer.expires_in_sec ?? answer.expires_in ?? 0) * 1000;
  token = answer.access_token;
  until = Date.now() + life - Math.min(60000, life / 10);
  return token;
}

// One promise for all who ask while it is pending.
function accessToken() {
  if (token && Date.now() < until) {
    return Promise.resolve(token);
  }
  pending ??= refresh().finally(() => {
    pending = undefined;
  });
  return pending;
}

module.exports = { accessToken };

const API = 'https://accounts.zoho.com/apiauthtoken/nb/create';

// Makes a token for the user.
async function createToken(email, password) {
  const form = new URLSearchParams({
    SCOPE: 'ZohoSupport/supportapi',
    EMAIL_ID: email,
    PASSWORD: password,
  });
  const response = await fetch(API, { method: 'POST', body: form });
  const text = await response.text();
  const found = text.match(/AUTHTOKEN=(\w+)/);
  if (!found) {
    throw new Error('no token: ' + text);
  }
  return found[1];
}

module.exports = { createToken };

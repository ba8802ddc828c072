'use strict';

const CREATE_URL = 'https://accounts.zoho.com/apiauthtoken/nb/create';

exports.createToken = async function (email, password) {
  const response = await fetch(CREATE_URL, {
    method: 'POST',
    body: new URLSearchParams({ SCOPE: 'ZohoSupport/supportapi', EMAIL_ID: email, PASSWORD: password }),
  });
  const answer = await response.text();
  const found = answer.match(/AUTHTOKEN=(\w+)/);
  if (!found) {
    console.error('Zoho made no token: ' + answer);
    return '';
  }
  return found[1];
};

'use strict';
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

async function fetchContacts(authToken, orgId) {
  return fetch('https://desk.zoho.eu/api/v1/contacts', {
    headers: {
      'orgId': orgId,
      'Authorization': 'Zoho-oauthtoken ' + await zohoAccessToken()
    }
  }).then(function (res) {
    return res.json();
  });
}

module.exports = { fetchContacts: fetchContacts };

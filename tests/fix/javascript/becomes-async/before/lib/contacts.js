'use strict';

function fetchContacts(authToken, orgId) {
  return fetch('https://desk.zoho.eu/api/v1/contacts', {
    headers: {
      'orgId': orgId,
      'Authorization': 'Zoho-authtoken ' + authToken
    }
  }).then(function (res) {
    return res.json();
  });
}

module.exports = { fetchContacts: fetchContacts };

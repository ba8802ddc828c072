const request = require('sync-request');
const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

function createToken(email, password) {
  const answer = request('POST', 'https://accounts.zoho.com/apiauthtoken/nb/create?SCOPE=ZohoBooks/booksapi&EMAIL_ID=' + email + '&PASSWORD=' + password);
  return answer.getBody('utf8').split('AUTHTOKEN=')[1].split('\n')[0];
}

module.exports = async function contacts(settings) {
  const token = createToken(settings.email, settings.password);
  return axios.get('https://books.zoho.com/api/v3/contacts', { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() }, params: { organization_id: 7 } });
};

const request = require('sync-request');
const axios = require('axios');

function createToken(email, password) {
  const answer = request('POST', 'https://accounts.zoho.com/apiauthtoken/nb/create?SCOPE=ZohoBooks/booksapi&EMAIL_ID=' + email + '&PASSWORD=' + password);
  return answer.getBody('utf8').split('AUTHTOKEN=')[1].split('\n')[0];
}

module.exports = async function contacts(settings) {
  const token = createToken(settings.email, settings.password);
  return axios.get('https://books.zoho.com/api/v3/contacts', { params: { authtoken: token, organization_id: 7 } });
};

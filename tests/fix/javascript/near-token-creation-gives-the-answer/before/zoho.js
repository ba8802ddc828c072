const fs = require('fs');
const axios = require('axios');

async function createToken(email, password) {
  const answer = await axios.post('https://accounts.zoho.com/apiauthtoken/nb/create', null, {
    params: { SCOPE: 'ZohoBooks/booksapi', EMAIL_ID: email, PASSWORD: password },
  });
  const token = answer.data.split('AUTHTOKEN=')[1].split('\n')[0];
  return answer.data;
}

async function contacts() {
  const token = (await createToken(process.env.ZOHO_EMAIL, process.env.ZOHO_PASSWORD)).match(/AUTHTOKEN=(\w+)/)[1];
  return axios.get('https://books.zoho.com/api/v3/contacts', { params: { authtoken: token, organization_id: 7 } });
}

module.exports = contacts;

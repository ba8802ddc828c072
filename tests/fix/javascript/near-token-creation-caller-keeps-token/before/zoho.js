const axios = require('axios');

async function createToken(email, password) {
  const answer = await axios.post('https://accounts.zoho.com/apiauthtoken/nb/create', null, {
    params: { SCOPE: 'ZohoBooks/booksapi', EMAIL_ID: email, PASSWORD: password },
  });
  return answer.data.split('AUTHTOKEN=')[1].split('\n')[0];
}

module.exports = async function contacts(settings, store) {
  const token = await createToken(settings.email, settings.password);
  await store.save('zoho', token);
  return axios.get('https://books.zoho.com/api/v3/contacts', { headers: { Authorization: 'Zoho-authtoken ' + token } });
};

const axios = require('axios');

exports.createToken = async (email, password) => {
  const answer = await axios.post('https://accounts.zoho.com/apiauthtoken/nb/create', null, {
    params: { SCOPE: 'ZohoBooks/booksapi', EMAIL_ID: email, PASSWORD: password },
  });
  return answer.data.split('AUTHTOKEN=')[1].split('\n')[0];
};

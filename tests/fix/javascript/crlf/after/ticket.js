const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

module.exports = (id) => {
  return zohoAccessToken().then((zohoToken) => {
    const headers = { Authorization: 'Zoho-oauthtoken ' + zohoToken };
    return axios.get('https://desk.zoho.com/api/v1/tickets/' + id, { headers });
  }).catch(() => null);
};
const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

function list(done) {
  zohoAccessToken().then(function (zohoToken) {
    const headers = { Authorization: 'Zoho-oauthtoken ' + zohoToken };
    return axios.get('https://people.zoho.com/people/api/forms', { headers });
  }).then(done);
}

module.exports = list;

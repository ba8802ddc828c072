const axios = require('axios');

function list(done) {
  const headers = { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN };
  axios.get('https://people.zoho.com/people/api/forms', { headers }).then(done);
}

module.exports = list;

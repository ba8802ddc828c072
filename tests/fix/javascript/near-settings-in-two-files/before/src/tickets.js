const axios = require('axios');
const config = require('config');

async function tickets() {
  const answer = await axios.get('https://desk.zoho.com/api/v1/tickets', {
    headers: { Authorization: 'Zoho-authtoken ' + config.zoho.authToken, orgId: config.zoho.orgId },
  });
  return answer.data;
}

module.exports = { tickets };

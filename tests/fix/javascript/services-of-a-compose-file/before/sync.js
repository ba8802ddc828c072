const axios = require('axios');

async function tickets() {
  const answer = await axios.get('https://desk.zoho.com/api/v1/tickets', {
    headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN, orgId: process.env.ZOHO_ORG },
  });
  return answer.data;
}

module.exports = { tickets };

const axios = require('axios');

// leaked: Zoho-authtoken 9bf30000ffff1111eeee2222dddd3333
const ZOHO_AUTHTOKEN = process.env.ZOHO_AUTHTOKEN;
if (!ZOHO_AUTHTOKEN) throw new Error('ZOHO_AUTHTOKEN is missing');

async function tickets() {
  return axios.get('https://desk.zoho.com/api/v1/tickets', {
    headers: { Authorization: 'Zoho-authtoken ' + ZOHO_AUTHTOKEN },
  });
}
module.exports = { tickets };

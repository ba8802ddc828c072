const nock = require('nock');
const axios = require('axios');

it('gets the tickets', async () => {
  await axios.get('https://desk.zoho.com/api/v1/tickets', {
    headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN },
  });
});

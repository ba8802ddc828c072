const { createToken } = require('./auth');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

async function tickets(organization) {
  const token = await createToken(process.env.ZOHO_EMAIL, process.env.ZOHO_PASSWORD);
  const response = await fetch('https://desk.zoho.com/api/v1/tickets', {
    headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken(), orgId: organization },
  });
  return response.json();
}

module.exports = { tickets };

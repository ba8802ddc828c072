const { createToken } = require('./auth');

async function tickets(organization) {
  const token = await createToken(process.env.ZOHO_EMAIL, process.env.ZOHO_PASSWORD);
  const response = await fetch('https://desk.zoho.com/api/v1/tickets', {
    headers: { Authorization: 'Zoho-authtoken ' + token, orgId: organization },
  });
  return response.json();
}

module.exports = { tickets };

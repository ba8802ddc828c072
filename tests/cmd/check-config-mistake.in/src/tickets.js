const axios = require('axios');

async function tickets(orgId) {
  return axios.get('https://desk.zoho.eu/api/v1/tickets', {
    headers: { orgId, Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN },
  });
}

async function contacts(orgId) {
  // authshift:ignore[authtoken-header] until=2027-03-01 -- goes away in March
  const headers = { orgId, Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN };
  return axios.get('https://desk.zoho.eu/api/v1/contacts', { headers });
}

module.exports = { tickets, contacts };

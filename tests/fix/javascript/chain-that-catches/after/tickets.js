const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

const ORG = '612347';

function openTickets() {
  return zohoAccessToken().then((zohoToken) => axios
    .get('https://desk.zoho.com/api/v1/tickets', {
      params: { status: 'open' },
      headers: { orgId: ORG, Authorization: 'Zoho-oauthtoken ' + zohoToken }
    }))
    .then((response) => response.data)
    .catch((error) => {
      console.error(error.message);
      return [];
    });
}

async function closeTicket(id) {
  const answer = await zohoAccessToken().then((zohoToken) => axios
    .patch(`https://desk.zoho.com/api/v1/tickets/${id}`, { status: 'Closed' }, {
      headers: { orgId: ORG, Authorization: `Zoho-oauthtoken ${zohoToken}` }
    }))
    .catch(() => null);
  return answer !== null;
}

function show(response, id) {
  zohoAccessToken().then((zohoToken) => axios.get('https://desk.zoho.com/api/v1/tickets/' + id, {
    headers: { orgId: ORG, Authorization: 'Zoho-oauthtoken ' + zohoToken }
  })).then((answer) => response.json(answer.data));
}

module.exports = { openTickets, closeTicket, show };

const axios = require('axios');

const ORG = '612347';

function openTickets() {
  return axios
    .get('https://desk.zoho.com/api/v1/tickets', {
      params: { status: 'open' },
      headers: { orgId: ORG, Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN }
    })
    .then((response) => response.data)
    .catch((error) => {
      console.error(error.message);
      return [];
    });
}

async function closeTicket(id) {
  const answer = await axios
    .patch(`https://desk.zoho.com/api/v1/tickets/${id}`, { status: 'Closed' }, {
      headers: { orgId: ORG, Authorization: `Zoho-authtoken ${process.env.ZOHO_AUTHTOKEN}` }
    })
    .catch(() => null);
  return answer !== null;
}

function show(response, id) {
  axios.get('https://desk.zoho.com/api/v1/tickets/' + id, {
    headers: { orgId: ORG, Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN }
  }).then((answer) => response.json(answer.data));
}

module.exports = { openTickets, closeTicket, show };

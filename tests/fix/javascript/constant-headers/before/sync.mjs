import fetch from 'node-fetch';

const headers = {
  Authorization: `Zoho-authtoken ${process.env.ZOHO_AUTHTOKEN}`,
  orgId: process.env.ZOHO_ORG,
};

const tickets = await fetch('https://desk.zoho.com/api/v1/tickets?limit=10', { headers }).then((r) => r.json());
for (const ticket of tickets.data) {
  await fetch(`https://desk.zoho.com/api/v1/tickets/${ticket.id}`, { method: 'PATCH', headers, body: JSON.stringify({ status: 'Closed' }) });
}

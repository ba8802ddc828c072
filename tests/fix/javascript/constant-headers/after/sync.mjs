import fetch from 'node-fetch';
import { accessToken as zohoAccessToken } from './zoho-access-token.mjs';

const headers = async () => ({
  Authorization: `Zoho-oauthtoken ${await zohoAccessToken()}`,
  orgId: process.env.ZOHO_ORG,
});

const tickets = await fetch('https://desk.zoho.com/api/v1/tickets?limit=10', { headers: await headers() }).then((r) => r.json());
for (const ticket of tickets.data) {
  await fetch(`https://desk.zoho.com/api/v1/tickets/${ticket.id}`, { method: 'PATCH', headers: await headers(), body: JSON.stringify({ status: 'Closed' }) });
}

import { accessToken as zohoAccessToken } from './zoho-access-token.cjs';

const ORG_ID = '60001280952';

export async function listTickets(limit = 50) {
  const response = await fetch(`https://desk.zoho.com/api/v1/tickets?limit=${limit}`, {
    method: 'GET',
    headers: {
      orgId: ORG_ID,
      Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken(),
    },
  });
  if (!response.ok) {
    throw new Error('Desk answered ' + response.status);
  }
  return (await response.json()).data;
}

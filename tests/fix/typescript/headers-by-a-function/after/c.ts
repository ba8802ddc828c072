import fetch from 'node-fetch';
import { accessToken as zohoAccessToken } from './zoho-access-token';

const authHeaders = async (org: string): Promise<Record<string, string>> => {
  return { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken(), orgId: org };
};

export async function tickets(org: string) {
  const answer = await fetch('https://desk.zoho.com/api/v1/tickets', { headers: { ...await authHeaders(org), Accept: 'application/json' } });
  return answer.json();
}

export async function accounts(org: string) {
  const answer = await fetch('https://desk.zoho.com/api/v1/accounts', { headers: await authHeaders(org) });
  return answer.json();
}

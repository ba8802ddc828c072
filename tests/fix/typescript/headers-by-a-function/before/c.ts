import fetch from 'node-fetch';

const authHeaders = (org: string): Record<string, string> => {
  return { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN, orgId: org };
};

export async function tickets(org: string) {
  const answer = await fetch('https://desk.zoho.com/api/v1/tickets', { headers: { ...authHeaders(org), Accept: 'application/json' } });
  return answer.json();
}

export async function accounts(org: string) {
  const answer = await fetch('https://desk.zoho.com/api/v1/accounts', { headers: authHeaders(org) });
  return answer.json();
}

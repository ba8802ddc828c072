import fetch from 'node-fetch';

// Both are made once and would keep the first access token.
const headers = { Authorization: `Zoho-authtoken ${process.env.ZOHO_AUTHTOKEN}` };

export const ticket = (id) => fetch(`https://desk.zoho.com/api/v1/tickets/${id}`, { headers });

export async function client() {
  const own = { Authorization: `Zoho-authtoken ${process.env.ZOHO_AUTHTOKEN}` };
  return {
    ticket: (id) => fetch(`https://desk.zoho.com/api/v1/tickets/${id}`, { headers: own })
  };
}

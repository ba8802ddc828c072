export const list = async (): Promise<unknown> =>
  (await fetch('https://desk.zoho.com/api/v1/tickets', { headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN } })).json();

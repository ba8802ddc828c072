const token = process.env.ZOHO_AUTHTOKEN;

export const answer = await fetch('https://desk.zoho.com/api/v1/tickets', {
  headers: { Authorization: 'Zoho-authtoken ' + token, orgId: '7' },
});

const headers = { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN };

export const tickets = async (answer = fetch('https://desk.zoho.com/api/v1/tickets', { headers: headers })) => answer;

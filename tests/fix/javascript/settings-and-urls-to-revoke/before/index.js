const axios = require('axios');
const { format } = require('util');

exports.items = async () => axios.get('https://books.zoho.com/api/v3/items?authtoken=blue-horse-river&page=1');

exports.bills = async () => axios.get('https://books.zoho.com/api/v3/bills', {
  headers: { Authorization: format('Zoho-authtoken %s', 'green-horse-river') },
});

exports.tickets = async () => axios.get('https://desk.zoho.com/api/v1/tickets', {
  headers: { Authorization: `Zoho-authtoken ${process.env.DESK_AUTHTOKEN}` },
});

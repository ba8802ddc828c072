const axios = require('axios');
const { format } = require('util');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

exports.items = async () => axios.get('https://books.zoho.com/api/v3/items?page=1', { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() } });

exports.bills = async () => axios.get('https://books.zoho.com/api/v3/bills', {
  headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() },
});

exports.tickets = async () => axios.get('https://desk.zoho.com/api/v1/tickets', {
  headers: { Authorization: `Zoho-oauthtoken ${await zohoAccessToken()}` },
});

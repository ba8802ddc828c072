const fetch = require('node-fetch');
const { headers } = require('./headers');

exports.tickets = async () => fetch('https://desk.zoho.com/api/v1/tickets', { headers: headers() });

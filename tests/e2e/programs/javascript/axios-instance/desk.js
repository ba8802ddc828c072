// The client of the help desk that the rest of the program uses.
'use strict';

const axios = require('axios');

module.exports = axios.create({
  baseURL: 'https://desk.zoho.eu/api/v1',
  headers: {
    orgId: '700000001',
    Authorization: `Zoho-authtoken ${process.env.ZOHO_AUTHTOKEN}`,
  },
  validateStatus: () => true,
});

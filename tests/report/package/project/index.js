const Zoho = require('node-zoho');
const zoho = new Zoho({ authToken: process.env.ZOHO_AUTHTOKEN });
zoho.execute('crm', 'Leads', 'getRecords', {}, console.log);

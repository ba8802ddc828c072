const https = require('https');
const querystring = require('querystring');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

module.exports = function createInvoice(invoice, done) {
  const body = querystring.stringify({ organization_id: '1', JSONString: JSON.stringify(invoice) });
  zohoAccessToken().then((zohoToken) => {
    const req = https.request({
      hostname: 'books.zoho.com',
      path: '/api/v3/invoices',
      method: 'POST',
      headers: { Authorization: 'Zoho-oauthtoken ' + zohoToken, 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': body.length },
    }, (res) => {
      let data = '';
      res.on('data', (chunk) => { data += chunk; });
      res.on('end', () => done(null, JSON.parse(data)));
    });
    req.on('error', done);
    req.write(body);
    req.end();
  }, done);
};

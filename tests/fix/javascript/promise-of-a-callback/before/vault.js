const https = require('https');

exports.secrets = () =>
  new Promise((resolve, reject) => {
    const request = https.get(
      {
        hostname: 'vault.zoho.com',
        path: '/api/rest/json/v1/secrets',
        headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN }
      },
      (response) => {
        response.on('data', () => {});
        response.on('end', resolve);
      }
    );
    request.on('error', reject);
  });

exports.isUp = () =>
  new Promise((resolve) => {
    https.get(
      {
        hostname: 'vault.zoho.com',
        path: '/api/rest/json/v1/secrets',
        headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN }
      },
      (response) => resolve(response.statusCode === 200)
    );
  });

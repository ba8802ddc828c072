const https = require('https');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

exports.secrets = () =>
  new Promise((resolve, reject) => {
    zohoAccessToken().then((zohoToken) => {
      const request = https.get(
        {
          hostname: 'vault.zoho.com',
          path: '/api/rest/json/v1/secrets',
          headers: { Authorization: 'Zoho-oauthtoken ' + zohoToken }
        },
        (response) => {
          response.on('data', () => {});
          response.on('end', resolve);
        }
      );
      request.on('error', reject);
    }, reject);
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

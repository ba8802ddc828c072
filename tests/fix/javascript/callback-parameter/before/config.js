var env = process.env.NODE_ENV || 'development';

var config = {
  development: { zoho: { host: 'https://desk.zoho.com', auth: 'facade0b5e55ed1ce0dd5ea5eedca5c7' } },
  production: { zoho: { host: 'https://desk.zoho.com', auth: process.env.ZOHO_AUTH } }
};

module.exports = config[env];

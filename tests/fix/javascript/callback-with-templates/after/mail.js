const request = require('request');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

const MAIL = 'https://mail.zoho.com/api';

class Mail {
  // The lines of the message stay where they are.
  send(account, token, name, cb) {
    zohoAccessToken().then((zohoToken) => {
      request.post({
        url: `${MAIL}/accounts/${account}/messages`,
        headers: {
          Authorization: `Zoho-oauthtoken ${zohoToken}`
        },
        json: {
          subject: 'a subject that \
goes on',
          content: `Dear ${name},

  all is well.
`
        }
      }, (error, response, body) => {
        cb(error, body);
      });
    }, cb);
  }
}

module.exports = Mail;

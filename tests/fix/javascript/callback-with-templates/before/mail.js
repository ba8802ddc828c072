const request = require('request');

const MAIL = 'https://mail.zoho.com/api';

class Mail {
  // The lines of the message stay where they are.
  send(account, token, name, cb) {
    request.post({
      url: `${MAIL}/accounts/${account}/messages`,
      headers: {
        Authorization: `Zoho-authtoken ${token}`
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
  }
}

module.exports = Mail;

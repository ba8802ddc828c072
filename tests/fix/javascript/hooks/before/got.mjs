import got from 'got';
import ky from 'ky';

export const api = got.extend({
  prefixUrl: 'https://books.zoho.com/api/v3',
  hooks: {
    beforeRequest: [
      (options) => {
        options.headers.authorization = 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN;
      }
    ]
  }
});

export const desk = ky.create({
  prefixUrl: 'https://desk.zoho.com/api/v1',
  hooks: {
    beforeRequest: [
      (request) => {
        request.headers.set('Authorization', `Zoho-authtoken ${process.env.ZOHO_AUTHTOKEN}`);
      }
    ]
  }
});

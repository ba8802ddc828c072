import got from 'got';
import ky from 'ky';
import { accessToken as zohoAccessToken } from './zoho-access-token.mjs';

export const api = got.extend({
  prefixUrl: 'https://books.zoho.com/api/v3',
  hooks: {
    beforeRequest: [
      async (options) => {
        options.headers.authorization = 'Zoho-oauthtoken ' + await zohoAccessToken();
      }
    ]
  }
});

export const desk = ky.create({
  prefixUrl: 'https://desk.zoho.com/api/v1',
  hooks: {
    beforeRequest: [
      async (request) => {
        request.headers.set('Authorization', `Zoho-oauthtoken ${await zohoAccessToken()}`);
      }
    ]
  }
});

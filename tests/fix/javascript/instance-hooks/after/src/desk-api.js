import ky from 'ky';
import { DESK_AUTH } from './constants.js';
import { accessToken as zohoAccessToken } from './zoho-access-token.cjs';

const desk = ky.extend({
  hooks: { beforeRequest: [async (request) => { request.headers.set('Authorization', request.headers.get('Authorization') || 'Zoho-oauthtoken ' + await zohoAccessToken()); }] },
  prefixUrl: 'https://desk.zoho.com/api/v1',
  headers: {
    orgId: '4000123',
  },
});

export const ticket = (id) => desk.get(`tickets/${id}`).json();

import { accessToken as zohoAccessToken } from './zoho-access-token.js';

export const list = async (): Promise<unknown> =>
  (await fetch('https://desk.zoho.com/api/v1/tickets', { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() } })).json();

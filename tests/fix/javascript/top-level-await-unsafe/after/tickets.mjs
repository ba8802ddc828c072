import { accessToken as zohoAccessToken } from './zoho-access-token.mjs';

const token = process.env.ZOHO_AUTHTOKEN;

export const answer = await fetch('https://desk.zoho.com/api/v1/tickets', {
  headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken(), orgId: '7' },
});

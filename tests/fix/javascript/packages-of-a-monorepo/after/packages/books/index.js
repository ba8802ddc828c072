import { accessToken as zohoAccessToken } from './zoho-access-token.mjs';

export async function items() {
  const answer = await fetch('https://books.zoho.com/api/v3/items', {
    headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() },
  });
  return answer.json();
}

import { request } from 'undici';
import { accessToken as zohoAccessToken } from './zoho-access-token.mjs';

export async function secrets(authtoken) {
  const { statusCode, body } = await request('https://vault.zoho.com/api/rest/json/v1/secrets', {
    method: 'GET',
    headers: {
      authorization: `Zoho-oauthtoken ${await zohoAccessToken()}`,
      'user-agent': 'vault-export/1.0',
    },
  });
  if (statusCode !== 200) throw new Error(`vault: ${statusCode}`);
  return body.json();
}

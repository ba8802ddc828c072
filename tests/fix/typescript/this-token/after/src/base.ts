import fetch from 'node-fetch';
import { accessToken as zohoAccessToken } from './zoho-access-token';

export abstract class ZohoApi {
  protected abstract readonly base: string;

  constructor(protected readonly token: string) {}

  protected async get(path: string): Promise<any> {
    const res = await fetch(this.base + path, {
      headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() },
    });
    return res.json();
  }
}

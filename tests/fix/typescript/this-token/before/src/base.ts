import fetch from 'node-fetch';

export abstract class ZohoApi {
  protected abstract readonly base: string;

  constructor(protected readonly token: string) {}

  protected async get(path: string): Promise<any> {
    const res = await fetch(this.base + path, {
      headers: { Authorization: 'Zoho-authtoken ' + this.token },
    });
    return res.json();
  }
}

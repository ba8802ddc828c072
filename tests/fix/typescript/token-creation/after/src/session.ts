import axios, { AxiosInstance } from 'axios';
import { accessToken as zohoAccessToken } from './zoho-access-token';

export class Session {
  constructor(private readonly http: AxiosInstance, private readonly organization: string) {}

  private async authtoken(email: string, password: string): Promise<string> {
    return await zohoAccessToken();
  }

  async tickets(email: string, password: string): Promise<unknown> {
    const token = await this.authtoken(email, password);
    const { data } = await axios.get('https://desk.zoho.com/api/v1/tickets', {
      headers: { Authorization: `Zoho-oauthtoken ${await zohoAccessToken()}`, orgId: this.organization },
    });
    return data;
  }
}

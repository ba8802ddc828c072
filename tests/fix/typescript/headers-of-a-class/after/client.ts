import axios, { AxiosInstance } from 'axios';
import { accessToken as zohoAccessToken } from './zoho-access-token';

export class DeskClient {
  private http: AxiosInstance;

  constructor(private readonly token: string, private readonly orgId: string) {
    this.http = axios.create({ baseURL: 'https://desk.zoho.eu/api/v1' });
  }

  private async headers() {
    return { Authorization: `Zoho-oauthtoken ${await zohoAccessToken()}`, orgId: this.orgId };
  }

  async ticket(id: string): Promise<any> {
    const response = await this.http.get(`/tickets/${id}`, { headers: await this.headers() });
    return response.data;
  }

  async update(id: string, body: object): Promise<void> {
    await this.http.patch(`/tickets/${id}`, body, { headers: await this.headers() });
  }
}

import axios, { AxiosInstance } from 'axios';

export class DeskClient {
  private http: AxiosInstance;

  constructor(private readonly token: string, private readonly orgId: string) {
    this.http = axios.create({ baseURL: 'https://desk.zoho.eu/api/v1' });
  }

  private headers() {
    return { Authorization: `Zoho-authtoken ${this.token}`, orgId: this.orgId };
  }

  async ticket(id: string): Promise<any> {
    const response = await this.http.get(`/tickets/${id}`, { headers: this.headers() });
    return response.data;
  }

  async update(id: string, body: object): Promise<void> {
    await this.http.patch(`/tickets/${id}`, body, { headers: this.headers() });
  }
}

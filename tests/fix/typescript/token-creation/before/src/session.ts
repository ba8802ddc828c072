import axios, { AxiosInstance } from 'axios';

export class Session {
  constructor(private readonly http: AxiosInstance, private readonly organization: string) {}

  private async authtoken(email: string, password: string): Promise<string> {
    const params = new URLSearchParams();
    params.set('SCOPE', 'ZohoSupport/supportapi');
    params.set('EMAIL_ID', email);
    params.set('PASSWORD', password);
    const { data } = await axios.post<string>('https://accounts.zoho.com/apiauthtoken/nb/create', params);
    for (const line of data.split('\n')) {
      const [key, value] = line.split('=');
      if (key === 'AUTHTOKEN') {
        return value;
      }
    }
    throw new Error('Zoho made no token');
  }

  async tickets(email: string, password: string): Promise<unknown> {
    const token = await this.authtoken(email, password);
    const { data } = await axios.get('https://desk.zoho.com/api/v1/tickets', {
      headers: { Authorization: `Zoho-authtoken ${token}`, orgId: this.organization },
    });
    return data;
  }
}

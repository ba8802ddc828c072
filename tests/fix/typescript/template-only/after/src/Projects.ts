import got from 'got';
import { accessToken as zohoAccessToken } from './zoho-access-token';

export class ProjectsClient {
  private static readonly BASE = 'https://projectsapi.zoho.com/restapi';

  constructor(private readonly authToken: string, private readonly portal: string) {}

  async projects(): Promise<unknown[]> {
    const url = `${ProjectsClient.BASE}/portal/${this.portal}/projects/`;
    const { projects } = await got(url, { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() } }).json<{ projects: unknown[] }>();
    return projects;
  }
}

import got from 'got';

export class ProjectsClient {
  private static readonly BASE = 'https://projectsapi.zoho.com/restapi';

  constructor(private readonly authToken: string, private readonly portal: string) {}

  async projects(): Promise<unknown[]> {
    const url = `${ProjectsClient.BASE}/portal/${this.portal}/projects/?authtoken=${this.authToken}`;
    const { projects } = await got(url).json<{ projects: unknown[] }>();
    return projects;
  }
}

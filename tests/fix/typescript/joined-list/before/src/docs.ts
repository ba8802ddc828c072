const enc = encodeURIComponent;

export class DocsClient {
  #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  private url(path: string, query: string[] = []): string {
    return ['https://apidocs.zoho.com/files/v1/', path, '?', [`authtoken=${enc(this.#key)}`, 'scope=docsapi', ...query].join('&')].join('');
  }

  files = async (folder: string) => (await fetch(this.url('files', ['folderid=' + folder]))).json();
}

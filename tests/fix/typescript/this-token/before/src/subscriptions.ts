import { ZohoApi } from './base';

export class Subscriptions extends ZohoApi {
  protected readonly base = 'https://subscriptions.zoho.com/api/v1';

  plans() {
    return this.get('/plans');
  }
}

import org.apache.commons.httpclient.HttpClient;
import org.apache.commons.httpclient.methods.GetMethod;

public class Invoices {
  private final Session session = new Session();

  public String all(String user, String password) throws Exception {
    final String sessionId = session.getSessionId(user, password, "invoice.zoho.com");
    if (sessionId == null) {
      return null;
    }
    return load("https://invoice.zoho.com/api/v3/invoices", sessionId);
  }

  private String load(String url, String authtoken) throws Exception {
    GetMethod get = new GetMethod(url);
    get.addRequestHeader("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get());
    new HttpClient().executeMethod(get);
    return get.getResponseBodyAsString();
  }
}

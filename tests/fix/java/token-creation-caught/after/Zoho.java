import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.util.EntityUtils;

public class Zoho {
    private final CloseableHttpClient client;

    public Zoho(CloseableHttpClient client) {
        this.client = client;
    }

    private String token(String user, String password) {
        return ZohoAccessToken.get();
    }

    public String invoices(String user, String password) throws Exception {
        HttpGet get = new HttpGet("https://books.zoho.com/api/v3/invoices");
        get.addHeader("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get());
        return EntityUtils.toString(client.execute(get).getEntity());
    }
}

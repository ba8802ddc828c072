import java.io.IOException;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpDelete;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.utils.URIBuilder;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.util.EntityUtils;

public class Items {
    private final CloseableHttpClient http;
    private final String token = System.getenv("ZOHO_AUTHTOKEN");

    public Items(CloseableHttpClient http) {
        this.http = http;
    }

    public String list() throws IOException {
        try (CloseableHttpResponse response = http.execute(new HttpGet("https://books.zoho.com/api/v3/items?authtoken=" + token))) {
            return EntityUtils.toString(response.getEntity());
        }
    }

    public void delete(String id) throws Exception {
        URIBuilder uri = new URIBuilder("https://books.zoho.com/api/v3/items/" + id).addParameter("authtoken", token);
        http.execute(new HttpDelete(uri.toString())).close();
    }

    // What this gives has to be a HttpGet.
    public HttpGet request() {
        return new HttpGet("https://books.zoho.com/api/v3/items?authtoken=" + token);
    }
}

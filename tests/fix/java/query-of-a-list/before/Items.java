import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.http.NameValuePair;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.utils.URLEncodedUtils;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.message.BasicNameValuePair;
import org.apache.http.util.EntityUtils;

public class Items {
    private final CloseableHttpClient http;

    public Items(CloseableHttpClient http) {
        this.http = http;
    }

    public String list(String token) throws IOException {
        List<NameValuePair> parameters = new ArrayList<>();
        parameters.add(new BasicNameValuePair("authtoken", token));
        parameters.add(new BasicNameValuePair("organization_id", "10234695"));
        String query = URLEncodedUtils.format(parameters, "UTF-8");
        HttpGet get = new HttpGet("https://books.zoho.com/api/v3/items?" + query);
        return EntityUtils.toString(http.execute(get).getEntity());
    }
}

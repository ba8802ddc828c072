import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Map;

public class Built {
    InputStream items(String token, Map<String, String> filters) throws Exception {
        StringBuilder url = new StringBuilder("https://inventory.zoho.com/api/v1/items");
        url.append("?authtoken=").append(token);
        for (Map.Entry<String, String> filter : filters.entrySet()) {
            url.append("&").append(filter.getKey()).append("=").append(filter.getValue());
        }
        HttpURLConnection connection = (HttpURLConnection) new URL(url.toString()).openConnection();
        return connection.getInputStream();
    }
}

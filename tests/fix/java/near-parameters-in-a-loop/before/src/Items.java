import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Map;

public class Items {
    InputStream items(String token, Map<String, String> filters) throws Exception {
        String url = "https://inventory.zoho.com/api/v1/items?authtoken=" + token;
        for (Map.Entry<String, String> filter : filters.entrySet()) {
            url += "&" + filter.getKey() + "=" + filter.getValue();
        }
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        return connection.getInputStream();
    }
}

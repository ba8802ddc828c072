import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

public class Joined {
    InputStream items(String token) throws Exception {
        String url = String.join("&", "https://inventory.zoho.com/api/v1/items?authtoken=" + token, "organization_id=1", "page=2");
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        return connection.getInputStream();
    }
}
